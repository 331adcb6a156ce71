import { Buffer } from 'node:buffer'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import { openRecordReader } from '../../src/lib/adapters/kafka/open-record-reader.js'
import { openRecordWriter } from '../../src/lib/adapters/kafka/open-record-writer.js'
import type { ClusterMetadata, ClusterReader } from '../../src/lib/ports/cluster-reader.js'
import type { KafkaConnection } from '../../src/lib/ports/connection.js'
import type { LabMode } from '../lab/index.js'
import { createTopic, startLab } from '../lab/index.js'
import { everyBrokerSays } from './every-broker-says.js'

type Lab = Awaited<ReturnType<typeof startLab>>

const CONNECT_TIMEOUT_MS = 2_000
const REQUEST_TIMEOUT_MS = 4_000
const ANSWER_WITHIN_MS = 10_000

const HOT = [0, 1, 2].map((partition) => ({ topic: 'hot', partition }))
const SOLO = { topic: 'solo', partition: 0 }

/** What every part of the reader has to say, in one go: nothing of it may throw on a sick cluster. */
async function readEverything(reader: ClusterReader) {
  const metadata = await reader.readMetadata()
  const [reassignments, logDirs, offsets, groups, configs, quorum] = await Promise.all([
    reader.readReassignments().catch((error: unknown) => error),
    reader.readLogDirs([1, 2, 3]),
    reader.readOffsets([...HOT, SOLO], 'latest'),
    reader.readGroups(),
    reader.readConfigs(
      [
        { type: 'topic', name: 'hot' },
        { type: 'broker', name: '1' },
        { type: 'broker', name: '3' },
        { type: 'topic', name: 'absent' },
      ],
      ['min.insync.replicas', 'ssl.keystore.password'],
    ),
    reader.readQuorum(),
  ])
  return { metadata, reassignments, logDirs, offsets, groups, configs, quorum }
}

const answered = (answers: readonly { brokerId: number; ok: boolean }[]) =>
  answers.filter(({ ok }) => ok).map(({ brokerId }) => brokerId)

const isLeaderless = ({ topics }: ClusterMetadata, topic: string) =>
  topics.some(({ name, partitions }) => name === topic && partitions[0]?.leader === null)

/** The client's read side against a cluster that is whole, then has a hung broker, then one that died. */
export function describeKafkaClient(mode: LabMode, basePort: number): void {
  describe(`the Kafka client on a ${mode} cluster`, () => {
    let lab: Lab
    let connection: KafkaConnection
    let reader: ClusterReader

    beforeAll(async () => {
      lab = await startLab({ mode, brokers: 3, racks: 3, basePort })
      connection = {
        bootstrapServers: lab.bootstrapServers.split(','),
        clientId: 'klinic-test',
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
      }
      await createTopic(
        lab,
        'hot',
        [
          [1, 2],
          [1, 3],
          [2, 3],
        ],
        { 'min.insync.replicas': '1' },
      )
      await createTopic(lab, 'solo', [[3]])
      await createTopic(
        lab,
        'log',
        [
          [1, 2],
          [2, 1],
        ],
        { 'compression.type': 'producer' },
      )
      reader = await openKafkaReader(connection)
    })

    afterAll(async () => {
      await reader.close()
      await lab.down()
    })

    it('reads a whole cluster in every part', async () => {
      const read = await readEverything(reader)
      expect(read.metadata).toMatchObject({ mode })
      expect([1, 2, 3]).toContain(read.metadata.answeredBy)
      expect(read.metadata.clusterId).toMatch(/^[\w-]{22}$/)
      if (mode === 'kraft') expect(read.metadata.clusterId).toBe(lab.clusterId)
      expect(read.metadata.brokers.map(({ id }) => id).toSorted()).toEqual([1, 2, 3])
      const hot = read.metadata.topics.find(({ name }) => name === 'hot')
      expect(hot?.topicId).toMatch(/^[\w-]{22}$/)
      expect(hot?.partitions.map(({ replicas }) => replicas).toSorted()).toEqual([
        [1, 2],
        [1, 3],
        [2, 3],
      ])
      expect(read.reassignments).toEqual([])
      expect(answered(read.logDirs)).toEqual([1, 2, 3])
      expect(answered(read.groups)).toEqual([1, 2, 3])
      expect(read.offsets.map((answer) => answer.ok && answer.offset)).toEqual([0, 0, 0, 0])
      expect(read.configs[0]?.values).toEqual([
        { name: 'min.insync.replicas', value: '1', source: 'DYNAMIC_TOPIC', sensitive: false },
      ])
      expect(read.configs[3]?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    })

    it('knows how much room each log directory has', async () => {
      const [first] = await reader.readLogDirs([1])
      const dir = first?.ok === true ? first.value[0] : undefined
      expect(dir?.totalBytes).toBeGreaterThan(dir?.usableBytes ?? Infinity)
      expect(dir?.replicas.some(({ topic }) => topic === 'hot')).toBe(true)
    })

    it('names the true controller, however often it asks', async () => {
      const seen = new Set<number | null>()
      for (let look = 0; look < 4; look++) seen.add((await reader.readMetadata()).controllerId)
      expect(seen.size).toBe(1)
      const quorum = await reader.readQuorum()
      if (mode === 'kraft') expect([...seen]).toEqual([quorum?.leaderId])
      else expect(quorum).toBeNull()
    })

    it('asks for committed offsets without creating the offsets topic', async () => {
      const { offsets, failures } = await reader.readCommittedOffsets(['billing', 'shipping'])
      expect({ offsets, failures }).toEqual({ offsets: [], failures: [] })
      const { topics } = await reader.readMetadata()
      expect(topics.map(({ name }) => name).toSorted()).toEqual(['hot', 'log', 'solo'])
    })

    it('gives back the records that it appended, from a time on', async () => {
      const writer = await openRecordWriter(connection)
      const log = await openRecordReader(connection)
      // Young enough for the broker's retention to leave them alone.
      const firstMs = Date.now() - 600_000
      const value = (index: number) => Buffer.from(`${index} `.repeat(40))
      const records = Array.from({ length: 20_000 }, (_, index) => ({
        key: index % 2 === 0 ? Buffer.from(`key-${index}`) : null,
        value: value(index),
        timestampMs: firstMs + index,
      }))
      await writer.append('log', records)
      const read: number[] = []
      const fromMs = firstMs + 15_000
      const { endOffsets, unread } = await log.readRecords({ topic: 'log', fromMs }, (record) => {
        const index = record.timestampMs - firstMs
        read.push(index)
        expect(Buffer.from(record.value ?? []).equals(value(index))).toBe(true)
      })
      expect(read.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 5_000 }, (_, index) => 15_000 + index),
      )
      expect([...endOffsets.values()].reduce((sum, end) => sum + end, 0)).toBe(20_000)
      expect(unread).toEqual([])
      await expect(
        log.readRecords({ topic: 'absent', fromMs: 0 }, () => undefined),
      ).rejects.toThrow('does not exist')
      await Promise.all([writer.close(), log.close()])
    })

    it('tells where the log of each replica ends, by the broker that holds it', async () => {
      const partitions = [0, 1].map((partition) => ({ topic: 'log', partition }))
      const answers = await reader.readLogEnds(new Map([1, 2, 3].map((id) => [id, partitions])))
      const ends = answers.map((answer) => (answer.ok ? [...answer.value.values()] : null))
      expect(ends.map((own) => own?.reduce((sum, end) => sum + end, 0))).toEqual([
        20_000, 20_000, 0,
      ])
    })

    it('reads what a Java consumer group committed, and says nothing of a group that never was', async () => {
      await lab.runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...['--bootstrap-server', lab.bootstrapServers, '--topic', 'log', '--group', 'billing'],
        ...['--from-beginning', '--max-messages', '20000'],
      ])
      const listed = (await reader.readGroups()).flatMap((answer) =>
        answer.ok ? answer.value : [],
      )
      expect(listed).toEqual([{ groupId: 'billing', protocolType: 'consumer', state: 'Empty' }])
      const { offsets, failures } = await reader.readCommittedOffsets(['billing', 'never'])
      expect(failures).toEqual([])
      expect(new Set(offsets.map(({ groupId, topic }) => `${groupId} ${topic}`))).toEqual(
        new Set(['billing log']),
      )
      expect(offsets.reduce((sum, { offset }) => sum + offset, 0)).toBe(20_000)
    })

    it('pays for a hung broker once, and then goes on without it', async () => {
      lab.pause(3)
      try {
        const startedMs = performance.now()
        const first = await readEverything(reader)
        expect(performance.now() - startedMs).toBeLessThan(2 * REQUEST_TIMEOUT_MS)
        expect(answered(first.logDirs)).toEqual([1, 2])
        expect(first.logDirs[2]).toMatchObject({ ok: false, failure: { code: 'TIMED_OUT' } })
        expect(first.configs[2]?.error?.code).toBe('TIMED_OUT')
        // With ZooKeeper only the controller knows reassignments, and it may be the one that hangs.
        if (mode === 'kraft') expect(first.reassignments).toEqual([])
        else if (first.metadata.controllerId === 3) {
          expect(first.reassignments).toMatchObject({ exit: 'unreachable' })
        }
        const againMs = performance.now()
        await readEverything(reader)
        expect(performance.now() - againMs).toBeLessThan(CONNECT_TIMEOUT_MS)
        expect(await reader.pingBroker(3)).toMatchObject({ ok: false })
        expect(await reader.pingBroker(1)).toMatchObject({ ok: true })
      } finally {
        lab.resume(3)
      }
    })

    it('opens and closes without waiting for a first bootstrap server that hangs', async () => {
      // The broker that hung before may have lost its session: it is back when every broker says so.
      await everyBrokerSays(lab, connection, ({ brokers }) => brokers.length === 3)
      lab.pause(1)
      try {
        const patient = { ...connection, connectTimeoutMs: 20_000, requestTimeoutMs: 20_000 }
        const startedMs = performance.now()
        const opened = await openKafkaReader(patient)
        const { brokers } = await opened.readMetadata()
        expect(brokers.length).toBeGreaterThanOrEqual(2)
        await opened.close()
        expect(performance.now() - startedMs).toBeLessThan(patient.connectTimeoutMs / 2)
      } finally {
        lab.resume(1)
      }
    })

    it('reads everything else while a partition has no leader', async () => {
      await lab.kill(3)
      const { topics, brokers } = await everyBrokerSays(
        lab,
        connection,
        (metadata) => metadata.brokers.length === 2 && isLeaderless(metadata, 'solo'),
      )
      expect(brokers.map(({ id }) => id).toSorted()).toEqual([1, 2])
      expect(topics.find(({ name }) => name === 'solo')?.partitions[0]).toMatchObject({
        leader: null,
        error: 'LEADER_NOT_AVAILABLE',
        offlineReplicas: [3],
      })
      const startedMs = performance.now()
      const fresh = await openKafkaReader(connection)
      const read = await readEverything(fresh)
      expect(performance.now() - startedMs).toBeLessThan(ANSWER_WITHIN_MS)
      expect(read.metadata.fencedBrokerIds).toEqual(mode === 'kraft' ? [3] : [])
      expect(answered(read.logDirs)).toEqual([1, 2])
      expect(read.logDirs[2]).toMatchObject({ ok: false, failure: { code: 'UNREACHABLE' } })
      expect(read.offsets.filter(({ ok }) => !ok)).toEqual([
        { ...SOLO, ok: false, error: 'LEADER_NOT_AVAILABLE' },
      ])
      await fresh.close()
    })

    it('appends to and reads a healthy topic beside the leaderless one', async () => {
      const writer = await openRecordWriter(connection)
      const log = await openRecordReader(connection)
      const countRecords = async () => {
        let count = 0
        await log.readRecords({ topic: 'log', fromMs: 0 }, () => {
          count += 1
        })
        return count
      }
      const before = await countRecords()
      expect(before).toBeGreaterThanOrEqual(20_000)
      await writer.append('log', [{ key: null, value: Buffer.from('still here') }])
      expect(await countRecords()).toBe(before + 1)
      const { unread } = await log.readRecords({ topic: 'solo', fromMs: 0 }, () => undefined)
      expect(unread).toEqual([{ partition: 0, error: 'LEADER_NOT_AVAILABLE' }])
      await Promise.all([writer.close(), log.close()])
    })
  })
}
