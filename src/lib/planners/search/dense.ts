import { isBeingReassigned } from '../../model/partition-state.js'
import type { Broker, Partition, Snapshot, Topic } from '../../model/snapshot.js'

/** What is known of a partition, as bits of {@link Dense.facts}. */
export const FACT = {
  trafficUnknown: 1,
  sizeUnknown: 2,
  inFlight: 4,
  offlineReplica: 8,
  noLeader: 16,
} as const

/**
 * A snapshot numbered for search: brokers by ascending id, partitions by topic name (code units) and number, so that the
 * order of the input does not matter. Replica lists, each sorted by broker as their order carries no load, lie one behind the other in `replicas`, those of partition `p` from
 * `offset[p]` to `offset[p + 1]`. Partitions in flight stand where they will be when their reassignment ends.
 */
export interface Dense {
  /** Brokers of the snapshot, then ids that only replica lists name (as dead brokers). */
  readonly brokers: readonly Broker[]
  readonly brokerIndex: ReadonlyMap<number, number>
  readonly rackOf: Int32Array
  readonly rackNames: readonly string[]
  readonly topics: readonly Topic[]
  readonly source: readonly Partition[]
  readonly topicOf: Int32Array
  readonly offset: Int32Array
  readonly replicas: Int32Array
  /** Per entry of `replicas`: 1 when it is in sync and its broker is not dead. */
  readonly inSync: Uint8Array
  /** Broker index of the leader, -1 without one. */
  readonly leader: Int32Array
  readonly facts: Uint8Array
  /** Bytes per second that every replica receives. */
  readonly bytesIn: Float64Array
  /** Bytes per second that the leader sends: consumers, and RF - 1 followers. */
  readonly bytesLed: Float64Array
  readonly size: Float64Array
  readonly maxReplicas: number
}

const byId = (a: { readonly id: number }, b: { readonly id: number }): number => a.id - b.id
const byName = (a: Topic, b: Topic): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** The replica list once a reassignment in flight has ended. */
export function settledReplicas(partition: Partition): readonly number[] {
  const removing = partition.removing ?? []
  return removing.length === 0
    ? partition.replicas
    : partition.replicas.filter((replica) => !removing.includes(replica))
}

function collectBrokers(snapshot: Snapshot): readonly Broker[] {
  const known = [...snapshot.brokers].sort(byId)
  const ids = new Set(known.map((broker) => broker.id))
  const unknown = new Set<number>()
  for (const topic of snapshot.topics)
    for (const partition of topic.partitions)
      for (const replica of partition.replicas) if (!ids.has(replica)) unknown.add(replica)
  const ghosts = [...unknown]
    .sort((a, b) => a - b)
    .map((id): Broker => ({ id, host: '', port: 0, state: 'dead' }))
  return [...known, ...ghosts]
}

function numberRacks(brokers: readonly Broker[]): { rackOf: Int32Array; rackNames: string[] } {
  const label = (broker: Broker): string => broker.rack ?? `\u0000${broker.id}`
  const labels = [...new Set(brokers.map(label))].sort()
  const index = new Map(labels.map((name, at) => [name, at]))
  const rackOf = Int32Array.from(brokers, (broker) => index.get(label(broker)) ?? 0)
  return { rackOf, rackNames: labels.map((name) => (name.startsWith('\u0000') ? '' : name)) }
}

interface Flat {
  readonly source: Partition[]
  readonly topicOf: Int32Array
  readonly offset: Int32Array
  readonly lists: (readonly number[])[]
  readonly maxReplicas: number
}

function flatten(topics: readonly Topic[]): Flat {
  const source: Partition[] = []
  const topicNumbers: number[] = []
  for (const [at, topic] of topics.entries()) {
    for (const partition of [...topic.partitions].sort(byId)) {
      source.push(partition)
      topicNumbers.push(at)
    }
  }
  const lists = source.map((partition) => [...settledReplicas(partition)].sort((a, b) => a - b))
  const offset = new Int32Array(source.length + 1)
  let maxReplicas = 0
  for (const [at, list] of lists.entries()) {
    offset[at + 1] = offset[at]! + list.length
    maxReplicas = Math.max(maxReplicas, list.length)
  }
  return { source, topicOf: Int32Array.from(topicNumbers), offset, lists, maxReplicas }
}

function factsOf(partition: Partition, hasLeader: boolean, hasOffline: boolean): number {
  let facts = 0
  if (partition.bytesInPerSec === undefined || partition.bytesOutPerSec === undefined)
    facts |= FACT.trafficUnknown
  if (partition.sizeBytes === undefined) facts |= FACT.sizeUnknown
  if (isBeingReassigned(partition)) facts |= FACT.inFlight
  if (hasOffline) facts |= FACT.offlineReplica
  if (!hasLeader) facts |= FACT.noLeader
  return facts
}

/** Numbers a snapshot for search. Cost is linear in the number of replicas. */
export function toDense(snapshot: Snapshot): Dense {
  const brokers = collectBrokers(snapshot)
  const brokerIndex = new Map(brokers.map((broker, at) => [broker.id, at]))
  const topics = [...snapshot.topics].sort(byName)
  const { source, topicOf, offset, lists, maxReplicas } = flatten(topics)
  const count = source.length
  const replicas = new Int32Array(offset[count]!)
  const inSync = new Uint8Array(replicas.length)
  const leader = new Int32Array(count).fill(-1)
  const facts = new Uint8Array(count)
  const bytesIn = new Float64Array(count)
  const bytesLed = new Float64Array(count)
  const size = new Float64Array(count)
  for (let p = 0; p < count; p++) {
    const partition = source[p]!
    const list = lists[p]!
    let offline = false
    for (let j = 0; j < list.length; j++) {
      const at = brokerIndex.get(list[j]!)!
      const alive = brokers[at]!.state !== 'dead'
      replicas[offset[p]! + j] = at
      if (!alive) offline = true
      if (alive && (partition.isr?.includes(list[j]!) ?? true)) inSync[offset[p]! + j] = 1
    }
    const leads = partition.leader
    if (leads !== null && list.length > 0)
      leader[p] = brokerIndex.get(list.includes(leads) ? leads : settledReplicas(partition)[0]!)!
    facts[p] = factsOf(partition, leads !== null, offline)
    bytesIn[p] = partition.bytesInPerSec ?? 0
    bytesLed[p] = (partition.bytesOutPerSec ?? 0) + Math.max(0, list.length - 1) * bytesIn[p]!
    size[p] = partition.sizeBytes ?? 0
  }
  return {
    brokers,
    brokerIndex,
    ...numberRacks(brokers),
    topics,
    source,
    topicOf,
    offset,
    replicas,
    inSync,
    leader,
    facts,
    bytesIn,
    bytesLed,
    size,
    maxReplicas,
  }
}
