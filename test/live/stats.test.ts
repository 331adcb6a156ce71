import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import { openRecordWriter } from '../../src/lib/adapters/kafka/open-record-writer.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import type { CollectionSummary } from '../../src/lib/report/stats/collection-summary.js'
import type { StatsDocument } from '../../src/lib/report/stats/stats-document.js'
import { KLINIC } from '../klinic-process.js'
import { createTopic, type Lab, type Load, startLab, startLoad } from '../lab/index.js'

const TOPIC = 'klinic.stats'
const run = promisify(execFile)
let lab: Lab
let load: Load

/** Runs klinic on the lab with --json and gives its document. */
async function klinic<T>(...args: readonly string[]): Promise<T> {
  const connection = ['--bootstrap-server', lab.bootstrapServers, '--json']
  const { stdout } = await run(process.execPath, [KLINIC, ...args, ...connection], {
    maxBuffer: 64e6,
  })
  return JSON.parse(stdout) as T
}

const connection = () => ({
  bootstrapServers: lab.bootstrapServers.split(','),
  clientId: 'test',
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 5_000,
})

/** Topics, groups and dynamic configs: everything that a measurement could leave behind. */
async function leftBehind(): Promise<unknown> {
  const reader = await openKafkaReader(connection())
  try {
    const { topics, brokers } = await reader.readMetadata()
    const names = topics.map(({ name }) => name).sort()
    const configs = await reader.readConfigs([
      ...names.map((name) => ({ type: 'topic' as const, name })),
      ...brokers.map(({ id }) => ({ type: 'broker' as const, name: String(id) })),
    ])
    const dynamic = configs.flatMap(({ resource, values }) =>
      values
        .filter(({ source }) => source.startsWith('DYNAMIC'))
        .map(({ name, value }) => `${resource.type} ${resource.name} ${name}=${value ?? ''}`),
    )
    const groups = (await reader.readGroups()).flatMap((answer) =>
      answer.ok ? answer.value.map(({ groupId }) => groupId) : [],
    )
    return { names, groups: [...groups].sort(), dynamic: [...dynamic].sort() }
  } finally {
    await reader.close()
  }
}

/** A snapshot without what moves by itself from one second to the next. */
function steady({ brokers, topics, cluster }: Snapshot): unknown {
  return {
    cluster,
    brokers: brokers.map(({ logDirs, evidence: _own, ...broker }) => ({
      ...broker,
      logDirs: logDirs?.map(({ path, totalBytes }) => ({ path, totalBytes })),
    })),
    topics: topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({
        id: partition.id,
        replicas: partition.replicas,
        isr: [...(partition.isr ?? [])].sort(),
        leader: partition.leader,
        logDirs: partition.logDirs,
        ...(['hot', 'quiet'].includes(topic.name) && { sizeBytes: partition.sizeBytes }),
      })),
    })),
  }
}

beforeAll(async () => {
  lab = await startLab({ mode: 'kraft', brokers: 3, racks: 3, basePort: 22_400 })
  await createTopic(lab, 'hot', [
    [1, 2],
    [2, 3],
  ])
  await createTopic(lab, 'quiet', [[3, 1]])
  load = await startLoad(lab, {
    produce: [{ topic: 'hot', bytesInPerSec: [300_000, 100_000], recordBytes: [200, 1000] }],
    consume: [
      { name: 'reader', topic: 'hot', commitEverySec: 1 },
      { name: 'unseen', topic: 'hot', partitions: [0], commits: false },
    ],
  })
})

afterAll(async () => {
  await lab.down()
})

describe('traffic through the Kafka protocol alone', () => {
  it('is measured on a cluster that has never seen klinic, and leaves nothing behind', async () => {
    const before = await leftBehind()
    const document = await klinic<StatsDocument>('stats', 'show', '--observe', '15s')
    const { from, to, notices } = document.traffic!
    const truth = await load.report({ fromMs: Date.parse(from), toMs: Date.parse(to) })
    const seconds = (truth.toMs - truth.fromMs) / 1000
    for (const id of [0, 1]) {
      const measured = document.partitions.find((p) => p.topic === 'hot' && p.partition === id)!
      const sent = truth.partitions.find((p) => p.partition === id)!.bytes / seconds
      const read =
        truth.consumers.find((c) => c.name === 'reader' && c.partition === id)!.bytes / seconds
      expect(measured.bytesInPerSec! / sent - 1).toBeCloseTo(0, 1)
      expect(measured.bytesOutPerSec! / read - 1).toBeCloseTo(0, 1)
    }
    expect(notices?.join()).toContain('never commit')
    expect(await leftBehind()).toEqual(before)
  })

  it('refuses to publish to a topic that is not there, before it measures anything', async () => {
    const refused = klinic('stats', 'collect', '--once')
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('STATS_TOPIC_NOT_FOUND') as unknown,
    })
  })
})

describe('samples', () => {
  it('are published to a topic that is created on request, one for each broker', async () => {
    const interval = ['--interval', '12s', '--create-topic']
    const summary = await klinic<CollectionSummary>('stats', 'collect', '--once', ...interval)
    expect(summary).toMatchObject({ target: TOPIC, collections: 1, samples: 3 })
    const document = await klinic<StatsDocument>('stats', 'show', '--window', '1h')
    const hot = document.topics.find(({ name }) => name === 'hot')!
    expect(hot.bytesInPerSec / 400_000).toBeCloseTo(1, 1)
    expect(hot.unknownIn).toBe(0)
  })

  it('are published to the end by the service when it is told to stop', async () => {
    const args = ['--import', 'tsx', 'agent/main.ts', '--bootstrap-server', lab.bootstrapServers]
    const agent = spawn(process.execPath, [...args, '--interval', '30s'], { stdio: 'pipe' })
    let log = ''
    agent.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    await new Promise((resolve) => setTimeout(resolve, 12_000))
    agent.kill('SIGTERM')
    const code = await new Promise((resolve) => agent.once('exit', resolve))
    expect(log).toContain('stopped after 1 collections, 3 samples')
    expect(code).toBe(0)
  })

  it('rebuild the cluster as the live one was, whatever else stands in the topic', async () => {
    await load.stop()
    const garbage = [Buffer.from('no sample'), Buffer.from([0xc3, 0x01, ...Buffer.alloc(20)])]
    const writer = await openRecordWriter(connection())
    await writer.append(
      TOPIC,
      garbage.map((value) => ({ key: null, value, timestampMs: Date.now() })),
    )
    await writer.close()
    await klinic('stats', 'collect', '--once', '--interval', '10s')
    const live = await klinic<Snapshot>('snapshot', 'save')
    const rebuilt = await klinic<Snapshot>('snapshot', 'save', '--from-stats')
    expect(steady(rebuilt)).toEqual(steady(live))
    expect(rebuilt.traffic?.notices?.join()).toContain('1 not-a-sample')
    expect(rebuilt.traffic?.notices?.join()).toContain('1 unknown-schema')
  })

  it('are a way back in time', async () => {
    const at = ['--from-stats', '--at', '2026-01-01T00:00Z']
    await expect(klinic('snapshot', 'save', ...at)).rejects.toMatchObject({
      code: 3,
      stdout: expect.stringContaining('NO_SAMPLES') as unknown,
    })
  })
})
