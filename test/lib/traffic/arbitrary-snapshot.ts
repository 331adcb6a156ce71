import fc from 'fast-check'
import type { Broker, Partition, Snapshot, Topic } from '../../../src/lib/model/snapshot.js'
import type { IntervalTraffic, PartitionTraffic } from '../../../src/lib/traffic/interval.js'

const amount = fc.nat({ max: 1_000_000_000 })
const topicId = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)

const logDir = fc.record(
  {
    path: fc.constantFrom('/data/a', '/data/b'),
    totalBytes: amount,
    usableBytes: amount,
    error: fc.constant('KAFKA_STORAGE_ERROR'),
  },
  { requiredKeys: ['path'] },
)

const broker = (id: number): fc.Arbitrary<Broker> =>
  fc.record(
    {
      id: fc.constant(id),
      host: fc.constantFrom('', 'kafka-1.example', 'ünïcode'),
      port: fc.nat({ max: 65_535 }),
      rack: fc.constantFrom('a', 'b'),
      state: fc.constantFrom('alive' as const, 'dead' as const, 'draining' as const),
      capacity: fc.record({ inBytesPerSec: amount, diskBytes: amount }, { requiredKeys: [] }),
      logDirs: fc.array(logDir, { maxLength: 2 }),
      lastSeen: fc.constant('2026-11-21T10:00:00.000Z'),
      fenced: fc.constant(true as const),
      unreachable: fc.constant('TIMED_OUT'),
    },
    { requiredKeys: ['id', 'host', 'port', 'state'] },
  )

function partition(id: number, brokers: readonly number[]): fc.Arbitrary<Partition> {
  return fc.shuffledSubarray([...brokers], { minLength: 1 }).chain((replicas) =>
    fc.record(
      {
        id: fc.constant(id),
        replicas: fc.constant(replicas),
        isr: fc.subarray(replicas),
        leader: fc.option(fc.constantFrom(...replicas)),
        adding: fc.subarray(replicas, { minLength: 1 }),
        removing: fc.subarray(replicas, { minLength: 1 }),
        sizeBytes: amount,
        logDirs: fc.constant(replicas.map((broker) => `/data/${broker}`)),
        offlineReplicas: fc.subarray(replicas, { minLength: 1 }),
      },
      { requiredKeys: ['id', 'replicas', 'leader'] },
    ),
  )
}

const topic = (name: string, brokers: readonly number[]): fc.Arbitrary<Topic> =>
  fc.nat({ max: 3 }).chain((count) =>
    fc.record(
      {
        name: fc.constant(name),
        topicId,
        minInsyncReplicas: fc.integer({ min: 1, max: 3 }),
        partitions: fc.tuple(...Array.from({ length: count }, (_, id) => partition(id, brokers))),
      },
      { requiredKeys: ['name', 'partitions'] },
    ),
  )

const throttles = fc.uniqueArray(
  fc.constantFrom(
    { resource: 'broker' as const, name: '', key: 'leader.replication.throttled.rate', value: '1' },
    {
      resource: 'broker' as const,
      name: '1',
      key: 'follower.replication.throttled.rate',
      value: '2',
    },
    {
      resource: 'topic' as const,
      name: 'a',
      key: 'leader.replication.throttled.replicas',
      value: '*',
    },
  ),
  { minLength: 1 },
)

const throttleOrder = ['', '1', 'a']

/** Snapshots as `readSnapshot` makes them: sorted, without traffic, topics a and b on brokers 1 to 3. */
export const arbitrarySnapshot: fc.Arbitrary<Snapshot> = fc.record(
  {
    format: fc.constant('klinic.snapshot/1' as const),
    cluster: fc.record(
      {
        id: fc.constant('abc'),
        name: fc.constant('prod'),
        metadata: fc.constantFrom('kraft' as const, 'zookeeper' as const),
        controller: fc.nat({ max: 100 }),
      },
      { requiredKeys: ['id', 'metadata'] },
    ),
    capturedAt: fc.constant('2026-11-21T11:00:00.000Z'),
    brokers: fc.tuple(broker(1), broker(2), broker(3)),
    topics: fc.tuple(topic('a', [1, 2, 3]), topic('b', [1, 2, 3])),
    throttles: throttles.map((list) =>
      [...list].sort((a, b) => throttleOrder.indexOf(a.name) - throttleOrder.indexOf(b.name)),
    ),
    warnings: fc.array(fc.string(), { minLength: 1, maxLength: 2 }),
    unread: fc.constant([
      { part: 'log dirs' as const, subject: 'broker 3', code: 'TIMED_OUT', message: 'no answer' },
    ]),
    partialView: fc.constant({ hiddenPartitions: 3, examples: ['x-0'] }),
    zookeeperLeftovers: fc.constant([{ path: '/admin/x', data: '{}' }]),
  },
  { requiredKeys: ['format', 'cluster', 'capturedAt', 'brokers', 'topics'] },
)

/** Traffic for every partition of a snapshot, some of it unknown. */
export function trafficFor(snapshot: Snapshot): IntervalTraffic {
  const partitions = snapshot.topics.flatMap((t) =>
    t.partitions.map((p): [string, PartitionTraffic] => [
      `${t.name}-${p.id}`,
      {
        topic: t.name,
        partition: p.id,
        ...(t.topicId !== undefined && { topicId: t.topicId }),
        leader: p.leader,
        coveredMs: p.leader === null ? 0 : 60_000,
        ...(p.leader !== null && { bytesIn: 60_000 * (p.id + 1), bytesOut: 120_000 }),
        estimatedShare: 0,
        replicaSizes: new Map(p.replicas.map((broker) => [broker, 1000 + broker])),
        logStartOffset: 5,
        logEndOffset: 500,
        reassigning: false,
        exclusions: [],
      },
    ]),
  )
  return {
    source: 'admin',
    fromMs: Date.parse('2026-11-21T10:59:00.000Z'),
    toMs: Date.parse('2026-11-21T11:00:00.000Z'),
    readings: 30,
    partitions: new Map(partitions),
    notices: ['a notice'],
  }
}
