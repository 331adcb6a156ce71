import type { Broker, Partition, Snapshot, Topic } from '../../../src/lib/model/snapshot.js'
import { createRandom, type Random } from './random.js'

/** The shapes of the clusters that balance is measured on, like the recorded models. */
export interface ModelShape {
  readonly name: string
  readonly seed: number
  readonly brokers: number
  readonly racks: number
  readonly partitions: number
  readonly topics: number
  readonly replicationFactor?: number
  /** Exponent of the topics' traffic (zipf); 0 makes all alike. */
  readonly zipf?: number
  /** How much likelier the first brokers are to be given a replica: 0 even, 1 clearly skewed. */
  readonly skew?: number
  /** Brokers of half, one and two times the capacity, placed as if all were alike. */
  readonly hetero?: boolean
  /** The last so many brokers are empty. */
  readonly added?: number
  /** The last so many brokers were there for the newer half of the topics only. */
  readonly grown?: number
  readonly dead?: number
  /** So many partitions carry 60 times the traffic of the rest. */
  readonly hot?: number
  /** Mean utilisation of out; in and disk follow. */
  readonly utilisation?: number
}

const DAY = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }
const MB = 1e6

function makeBrokers(shape: ModelShape): Broker[] {
  return Array.from({ length: shape.brokers }, (_, at) => {
    const scale = shape.hetero === true ? [0.5, 1, 1, 2][at % 4]! : 1
    return {
      id: at + 1,
      host: `kafka${at + 1}`,
      port: 9092,
      rack: `r${at % shape.racks}`,
      state: at < (shape.dead ?? 0) ? 'dead' : 'alive',
      capacity: {
        inBytesPerSec: 1250 * MB * scale,
        outBytesPerSec: 1250 * MB * scale,
        diskBytes: 8e12 * scale,
      },
    }
  })
}

/** Picks brokers in distinct racks, the front of the list likelier the more skewed the cluster is. */
function pickReplicas(
  pool: readonly Broker[],
  count: number,
  skew: number,
  random: Random,
): number[] {
  const chosen: Broker[] = []
  for (let tries = 0; chosen.length < count && tries < 10_000; tries++) {
    const at = Math.floor(pool.length * random.next() ** (1 + skew))
    const broker = pool[at]!
    if (chosen.some((other) => other.rack === broker.rack)) continue
    chosen.push(broker)
  }
  return chosen.map((broker) => broker.id)
}

function fill(topics: Topic[], shape: ModelShape, brokers: readonly Broker[]): Topic[] {
  const factor = shape.replicationFactor ?? 3
  let out = 0
  for (const topic of topics)
    for (const p of topic.partitions)
      out += p.bytesOutPerSec! + (p.replicas.length - 1) * p.bytesInPerSec!
  const capacity = brokers.reduce((sum, broker) => sum + broker.capacity!.outBytesPerSec!, 0)
  const rate = ((shape.utilisation ?? 0.45) * capacity) / out
  const size = topics.reduce(
    (sum, t) => sum + t.partitions.reduce((s, p) => s + p.sizeBytes!, 0),
    0,
  )
  const disk =
    (0.45 * brokers.reduce((sum, broker) => sum + broker.capacity!.diskBytes!, 0)) / factor / size
  return topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((p) => ({
      ...p,
      bytesInPerSec: Math.round(p.bytesInPerSec! * rate),
      bytesOutPerSec: Math.round(p.bytesOutPerSec! * rate),
      sizeBytes: Math.round(p.sizeBytes! * disk),
    })),
  }))
}

function makePartition(
  id: number,
  replicas: number[],
  random: Random,
  { weight, dead }: { readonly weight: number; readonly dead: number },
): Partition {
  const rate = weight * Math.exp(0.5 * random.normal())
  const living = replicas.filter((broker) => broker > dead)
  return {
    id,
    replicas,
    isr: living,
    leader: living[0] ?? null,
    bytesInPerSec: rate,
    bytesOutPerSec: rate * (1 + random.next() * 2),
    sizeBytes: rate * Math.exp(0.55 * random.normal()),
  }
}

/** A cluster of the given shape; the same shape gives the same snapshot. */
export function generateModel(shape: ModelShape): Snapshot {
  const random = createRandom(shape.seed)
  const brokers = makeBrokers(shape)
  const lasting = brokers.slice(0, brokers.length - (shape.added ?? 0))
  const older = lasting.slice(0, lasting.length - (shape.grown ?? 0))
  const orders = { older: random.shuffle(older), lasting: random.shuffle(lasting) }
  const perTopic = Math.floor(shape.partitions / shape.topics)
  const extra = shape.partitions - perTopic * shape.topics
  const hotOnes = new Set(
    random.shuffle([...Array(shape.partitions).keys()]).slice(0, shape.hot ?? 0),
  )
  let number = 0
  const topics = Array.from({ length: shape.topics }, (_, t): Topic => {
    const weight = (t + 1) ** -(shape.zipf ?? 0)
    const pool = t % 3 !== 0 ? orders.older : orders.lasting
    const count = perTopic + (t < extra ? 1 : 0)
    return {
      name: `topic-${String(t).padStart(5, '0')}`,
      minInsyncReplicas: 2,
      partitions: Array.from({ length: count }, (__, id) => {
        const replicas = pickReplicas(pool, shape.replicationFactor ?? 3, shape.skew ?? 0, random)
        const hot = hotOnes.has(number++) ? 60 : 1
        return makePartition(id, replicas, random, { weight: weight * hot, dead: shape.dead ?? 0 })
      }),
    }
  })
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: shape.name, name: shape.name, metadata: 'kraft', controller: 1 },
    capturedAt: DAY.to,
    traffic: { ...DAY, statistic: 'max', source: 'admin' },
    brokers,
    topics: fill(topics, shape, brokers),
  }
}

/** The same cluster without any traffic, sizes or capacities: all that a plan by counts needs. */
export function withoutTraffic(snapshot: Snapshot): Snapshot {
  const { format, cluster, capturedAt } = snapshot
  return {
    format,
    cluster,
    capturedAt,
    brokers: snapshot.brokers.map(({ id, host, port, rack, state }) => ({
      id,
      host,
      port,
      ...(rack === undefined ? {} : { rack }),
      state,
    })),
    topics: snapshot.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map(({ id, replicas, isr, leader }) => ({
        id,
        replicas,
        ...(isr === undefined ? {} : { isr }),
        leader,
      })),
    })),
  }
}
