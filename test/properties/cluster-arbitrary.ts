import fc from 'fast-check'

import type { Broker, Partition, Snapshot, Topic } from '../../src/lib/model/snapshot.js'

interface Options {
  /** Brokers that may be dead, at most. */
  readonly maxDead?: number
  readonly minBrokers?: number
  /** Reassignments in flight may be generated. */
  readonly inFlight?: boolean
}

interface Draw {
  readonly brokers: number
  readonly racks: number
  readonly dead: number
  readonly rackless: boolean
  readonly topics: readonly {
    readonly rf: number
    readonly partitions: readonly {
      readonly order: number
      readonly stride: number
      readonly bytesIn: number
      readonly bytesOut: number
      readonly size: number
      readonly lead: number
      readonly moving: boolean
    }[]
  }[]
}

function makeBrokers(draw: Draw): readonly Broker[] {
  return Array.from({ length: draw.brokers }, (_, index) => ({
    id: index * 3 + 1,
    host: `kafka${index}`,
    port: 9092,
    ...(draw.rackless ? {} : { rack: `r${index % draw.racks}` }),
    state: index < draw.dead ? 'dead' : 'alive',
    capacity: { inBytesPerSec: 1e9, outBytesPerSec: 1e9, diskBytes: 1e13 },
  }))
}

function makePartition(
  draw: Draw['topics'][number]['partitions'][number],
  id: number,
  rf: number,
  brokers: readonly Broker[],
): Partition {
  const stride = 1 + (draw.stride % Math.max(1, brokers.length - 1))
  const picked: number[] = []
  for (let i = 0; picked.length < Math.min(rf, brokers.length); i++) {
    const at = (draw.order + i * stride) % brokers.length
    const candidate = brokers[at]!.id
    picked.push(
      picked.includes(candidate) ? brokers.find((b) => !picked.includes(b.id))!.id : candidate,
    )
  }
  const isAlive = (broker: number) => brokers.find((b) => b.id === broker)?.state === 'alive'
  const isr = picked.filter(isAlive)
  const leader = isr[draw.lead % Math.max(1, isr.length)] ?? null
  const outsider = brokers.find((b) => b.state === 'alive' && !picked.includes(b.id))
  const moving = draw.moving && outsider !== undefined && picked.length > 0
  return {
    id,
    replicas: moving ? [outsider.id, ...picked] : picked,
    isr,
    leader,
    ...(moving ? { adding: [outsider.id], removing: [picked.at(-1)!] } : {}),
    bytesInPerSec: draw.bytesIn,
    bytesOutPerSec: draw.bytesOut,
    sizeBytes: draw.size,
  }
}

function makeSnapshot(draw: Draw): Snapshot {
  const brokers = makeBrokers(draw)
  const topics: readonly Topic[] = draw.topics.map(({ rf, partitions }, index) => ({
    name: `topic-${index}`,
    topicId: `topicId${String(index).padStart(15, '0')}`,
    minInsyncReplicas: 1,
    partitions: partitions.map((partition, id) => makePartition(partition, id, rf, brokers)),
  }))
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'generated', metadata: 'kraft' },
    capturedAt: '2026-11-21T11:00:00.000Z',
    traffic: {
      from: '2026-11-20T11:00:00.000Z',
      to: '2026-11-21T11:00:00.000Z',
      statistic: 'max',
      source: 'admin',
    },
    brokers,
    topics,
  }
}

/** Clusters of every awkward shape that planners meet: racks of different size or none, dead brokers, moved leaders. */
export function anyCluster(options: Options = {}): fc.Arbitrary<Snapshot> {
  const { maxDead = 0, minBrokers = 1, inFlight = false } = options
  const partition = fc.record({
    order: fc.nat(1000),
    stride: fc.nat(1000),
    bytesIn: fc.nat(10_000_000),
    bytesOut: fc.nat(30_000_000),
    size: fc.nat(1_000_000_000_000),
    lead: fc.nat(10),
    moving: inFlight ? fc.boolean() : fc.constant(false),
  })
  return fc
    .record({
      brokers: fc.integer({ min: Math.max(1, minBrokers), max: 9 }),
      racks: fc.integer({ min: 1, max: 4 }),
      dead: fc.integer({ min: 0, max: maxDead }),
      rackless: fc.boolean(),
      topics: fc.array(
        fc.record({
          rf: fc.integer({ min: 1, max: 4 }),
          partitions: fc.array(partition, { minLength: 1, maxLength: 12 }),
        }),
        { maxLength: 5 },
      ),
    })
    .map(makeSnapshot)
}

/** The same cluster written in another order of brokers, topics and partitions. */
export function shuffled(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    brokers: snapshot.brokers.toReversed(),
    topics: snapshot.topics
      .toReversed()
      .map((topic) => ({ ...topic, partitions: topic.partitions.toReversed() })),
  }
}
