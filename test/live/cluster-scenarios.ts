import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import { openKafkaWriter } from '../../src/lib/adapters/kafka/open-kafka-writer.js'
import { readSnapshotFile } from '../../src/lib/adapters/files/snapshot-file.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import { checkHealth } from '../../src/lib/health/check-health.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import type { ClusterWriter } from '../../src/lib/ports/cluster-writer.js'
import type { KafkaConnection } from '../../src/lib/ports/connection.js'
import { readSnapshot } from '../../src/lib/reading/read-snapshot.js'
import type { StatusDocument } from '../../src/lib/report/status/status-document.js'
import { emptyFolder, runKlinic, type Run } from '../commands/run-klinic.js'
import { createTopic, startLab, type Lab, type LabMode } from '../lab/index.js'

const ANSWER_WITHIN_MS = 10_000

interface Timed extends Run {
  readonly elapsedMs: number
}

const orders = (a: number, b: number): readonly (readonly number[])[] => [
  [1, b, a],
  [b, a, 1],
  [a, 1, b],
]

/** What `cluster` and `snapshot` commands have to say about a real cluster, whole and sick, step after step. */
export function describeClusterCommands(mode: LabMode, basePort: number): void {
  describe(`looking at a real cluster (${mode})`, () => {
    const folder = emptyFolder()
    const config = join(folder, 'klinic.yaml')
    let lab: Lab
    let sick: number
    let other: number

    const klinic = async (...args: readonly string[]): Promise<Timed> => {
      const started = Date.now()
      const run = await runKlinic([...args, '--config', config], { cwd: folder })
      const elapsedMs = Date.now() - started
      expect(run.stderr).not.toMatch(/\n\s+at /)
      expect(elapsedMs).toBeLessThan(ANSWER_WITHIN_MS)
      return { ...run, elapsedMs }
    }

    const status = async (): Promise<StatusDocument> => {
      const run = await klinic('cluster', 'status', '--json')
      expect(run.code).toBe(0)
      return JSON.parse(run.stdout) as StatusDocument
    }

    const codes = (document: StatusDocument): readonly string[] =>
      document.findings.map((finding) => finding.code)

    const connection = (): KafkaConnection => ({
      bootstrapServers: lab.bootstrapServers.split(','),
      clientId: 'klinic-test',
      connectTimeoutMs: 3_000,
      requestTimeoutMs: 5_000,
    })

    /** The same look without starting the binary: half a second instead of two on a busy machine. */
    const look = async (): Promise<Snapshot> => {
      const reader = await openKafkaReader(connection())
      try {
        return await readSnapshot(reader, { clock: systemClock })
      } finally {
        await reader.close()
      }
    }

    /** Waits until the cluster itself has noticed, then asks the binary. */
    const statusWith = async (code: string): Promise<StatusDocument> => {
      for (let attempt = 0; attempt < 40; attempt += 1) {
        if (checkHealth(await look()).some((finding) => finding.code === code)) return status()
        await sleep(500)
      }
      throw new Error(`the cluster never showed ${code}`)
    }

    const withWriter = async (use: (writer: ClusterWriter) => Promise<unknown>): Promise<void> => {
      const writer = openKafkaWriter(connection())
      try {
        await use(writer)
      } finally {
        await writer.close()
      }
    }

    beforeAll(async () => {
      lab = await startLab({ mode, brokers: 3, racks: 3, basePort })
      const zookeeper =
        lab.zookeeperConnect === null
          ? ''
          : `    zookeeper: { connect: '${lab.zookeeperConnect}' }\n`
      writeFileSync(
        config,
        `clusters:\n  lab:\n    bootstrapServers: [${lab.bootstrapServers}]\n${zookeeper}`,
      )
      // With ZooKeeper any broker may have become the controller: the one to be hurt is another.
      const { controller } = (await look()).cluster
      sick = controller === 3 ? 2 : 3
      other = 5 - sick
      await createTopic(lab, 'orders', orders(sick, other), { 'min.insync.replicas': '2' })
      await createTopic(lab, 'solo', [[sick], [1]])
      await createTopic(lab, 'moving', [[1, other]])
    })

    afterAll(() => lab.down())

    it('calls a whole cluster healthy, and knows its true controller every time', async () => {
      const document = await status()
      expect(document.healthy).toBe(true)
      expect(document.warnings).toEqual([])
      expect(document.cluster).toMatchObject({ name: 'lab', metadata: mode })
      expect(document.totals).toMatchObject({ brokers: 3, topics: 3, partitions: 6, replicas: 13 })
      const leaders = new Map(document.brokers.map((broker) => [broker.id, broker.leaders]))
      expect([1, other, sick].map((id) => leaders.get(id))).toEqual([3, 1, 2])
      expect(document.brokers.every((broker) => broker.state === 'alive')).toBe(true)
      if (mode === 'kraft') expect(document.cluster.controller).toBe(100)
      else expect([1, 2, 3]).toContain(document.cluster.controller)
      // Metadata names any broker at random in KRaft: three more looks must not differ.
      for (let again = 0; again < 5; again += 1)
        expect((await look()).cluster.controller).toBe(document.cluster.controller)
    })

    it('exits 0 for a monitor, and prints one screen for people', async () => {
      const [check, run] = await Promise.all([
        klinic('cluster', 'check', '--quiet'),
        klinic('cluster', 'status'),
      ])
      expect(check.code).toBe(0)
      expect(run.stdout).toContain('Cluster lab  ')
      expect(run.stdout.split('\n').length).toBeLessThan(25)
    })

    it('says in one line that nobody answers at an address', async () => {
      const run = await klinic('cluster', 'status', '--bootstrap-server', '127.0.0.1:1')
      expect(run.code).toBe(69)
      expect(run.stderr).toContain('127.0.0.1:1')
    })

    it('shows a hung broker, a reassignment towards it and the throttle on it', async () => {
      lab.pause(sick)
      try {
        await withWriter(async (writer) => {
          const topic = { type: 'topic', name: 'moving' } as const
          const key = 'replication.throttled.replicas'
          await writer.alterConfigs([
            { resource: topic, name: `leader.${key}`, op: 'append', value: '0:1' },
            { resource: topic, name: `follower.${key}`, op: 'append', value: `0:${sick}` },
            {
              resource: { type: 'broker', name: '1' },
              name: 'leader.replication.throttled.rate',
              op: 'set',
              value: '5000000',
            },
          ])
          const outcomes = await writer.submitReassignments([
            {
              topic: 'moving',
              partition: 0,
              replicas: [1, sick],
              allowReplicationFactorChange: false,
            },
          ])
          expect(outcomes).toEqual([{ status: 'ok' }])
        })
        const document = await status()
        expect(document.reassignments).toEqual([
          {
            topic: 'moving',
            partition: 0,
            replicas: [1, sick, other],
            adding: [sick],
            removing: [other],
          },
        ])
        expect(document.throttles.map((throttle) => `${throttle.name} ${throttle.value}`)).toEqual([
          '1 5000000',
          `moving 0:${sick}`,
          'moving 0:1',
        ])
        expect(['unreachable', 'fenced', 'dead']).toContain(document.brokers[sick - 1]?.state)
        expect(document.findings.map((finding) => finding.subject)).toContain(`broker ${sick}`)
        const under = document.findings.filter((finding) => finding.code === 'UNDER_REPLICATED')
        expect(under.flatMap((finding) => finding.partitions ?? [])).not.toContain('moving-0')
      } finally {
        lab.resume(sick)
      }
    })

    it('calls the throttle left behind once nothing moves any more', async () => {
      const document = await statusWith('THROTTLES_LEFT')
      expect(document.reassignments).toEqual([])
      const run = await klinic('cluster', 'check')
      expect(run.code).toBe(3)
      expect(run.stdout).toContain('THROTTLES_LEFT')
    })

    it('names the partitions that a stopped broker took along, and saves the sick cluster', async () => {
      await lab.kill(sick)
      const document = await statusWith('OFFLINE_PARTITIONS')
      const offline = document.findings.find((finding) => finding.code === 'OFFLINE_PARTITIONS')
      expect(offline).toMatchObject({ subject: `broker ${sick}`, partitions: ['solo-0'] })
      expect(codes(document)).toContain(mode === 'kraft' ? 'BROKER_FENCED' : 'BROKER_MISSING')
      const plan = await klinic('balance', 'plan', '--resources', 'replicas,leaders')
      expect(plan.stdout + plan.stderr).toContain('solo-0')
      const saved = await klinic('snapshot', 'save', '--output', 'sick.json.gz', '--json')
      expect(saved.code).toBe(0)
      const snapshot = await readSnapshotFile(join(folder, 'sick.json.gz'))
      expect(snapshot.brokers[sick - 1]).toMatchObject({ id: sick, state: 'dead' })
      expect(snapshot.topics.map((topic) => topic.name)).toEqual(['moving', 'orders', 'solo'])
      const shown = await klinic('snapshot', 'show', 'sick.json.gz', '--full')
      expect(shown.stdout).toContain('OFFLINE_PARTITIONS')
      expect(shown.stdout).toContain('solo-0')
    })
  })
}
