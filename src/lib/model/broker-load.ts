import type { Broker, Partition, Snapshot } from './snapshot.js'

/** What one broker carries. Rates in bytes per second, disk in bytes. */
export interface BrokerLoad {
  readonly inBytesPerSec: number
  readonly outBytesPerSec: number
  readonly diskBytes: number
  readonly replicas: number
  readonly leaders: number
}

type MutableLoad = { -readonly [Figure in keyof BrokerLoad]: BrokerLoad[Figure] }

const noLoad = (): MutableLoad => ({
  inBytesPerSec: 0,
  outBytesPerSec: 0,
  diskBytes: 0,
  replicas: 0,
  leaders: 0,
})

/** The replicas that a partition will have once what is in flight has finished; its order is the target's. */
export function targetReplicas(partition: Partition): readonly number[] {
  const removing = partition.removing ?? []
  return removing.length === 0
    ? partition.replicas
    : partition.replicas.filter((replica) => !removing.includes(replica))
}

/** Who leads once what is in flight has finished: the leader of today while it stays, else the new preferred leader. */
export function targetLeader(partition: Partition, replicas: readonly number[]): number | null {
  const { leader } = partition
  if (leader === null || replicas.includes(leader)) return leader
  return replicas[0] ?? null
}

function addPartition(loads: ReadonlyMap<number, MutableLoad>, partition: Partition): void {
  const replicas = targetReplicas(partition)
  const bytesIn = partition.bytesInPerSec ?? 0
  const size = partition.sizeBytes ?? 0
  for (const replica of replicas) {
    const load = loads.get(replica)
    if (load === undefined) continue
    load.inBytesPerSec += bytesIn
    load.diskBytes += size
    load.replicas += 1
  }
  const leader = targetLeader(partition, replicas)
  const load = leader === null ? undefined : loads.get(leader)
  if (load === undefined) return
  load.outBytesPerSec += (partition.bytesOutPerSec ?? 0) + (replicas.length - 1) * bytesIn
  load.leaders += 1
}

/**
 * What each broker of the snapshot carries: in is producers and replication, out is consumers and replication to the
 * followers. Partitions in flight count where they will be, unknown traffic counts as nothing.
 */
export function brokerLoads(snapshot: Snapshot): ReadonlyMap<number, BrokerLoad> {
  const loads = new Map(snapshot.brokers.map((broker) => [broker.id, noLoad()]))
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) addPartition(loads, partition)
  }
  return loads
}

/** What can be even or uneven between brokers. */
export type BalancedResource = 'in' | 'out' | 'disk' | 'replicas' | 'leaders'

const LOAD_OF: Readonly<Record<BalancedResource, (load: BrokerLoad) => number>> = {
  in: (load) => load.inBytesPerSec,
  out: (load) => load.outBytesPerSec,
  disk: (load) => load.diskBytes,
  replicas: (load) => load.replicas,
  leaders: (load) => load.leaders,
}

const CAPACITY_OF: Readonly<Record<BalancedResource, (broker: Broker) => number | undefined>> = {
  in: (broker) => broker.capacity?.inBytesPerSec,
  out: (broker) => broker.capacity?.outBytesPerSec,
  disk: (broker) => broker.capacity?.diskBytes,
  replicas: () => undefined,
  leaders: () => undefined,
}

/** The figure of one resource. */
export function loadOf(load: BrokerLoad, resource: BalancedResource): number {
  return LOAD_OF[resource](load)
}

/** The stated capacity for one resource; undefined means no limit. */
export function capacityOf(broker: Broker, resource: BalancedResource): number | undefined {
  return CAPACITY_OF[resource](broker)
}

/**
 * Utilisation of the busiest broker over the mean utilisation (total load over total capacity), among brokers that are
 * alive and not draining; 1 is even. If one of them states no capacity for the resource, all count as equal.
 */
export function maxOverMean(
  brokers: readonly Broker[],
  loads: ReadonlyMap<number, BrokerLoad>,
  resource: BalancedResource,
): number {
  const counted = brokers.filter((broker) => broker.state === 'alive')
  const stated = counted.map((broker) => capacityOf(broker, resource) ?? 0)
  const equal = stated.some((capacity) => capacity <= 0)
  const capacities = equal ? counted.map(() => 1) : stated
  const figures = counted.map((broker) => {
    const load = loads.get(broker.id)
    return load === undefined ? 0 : loadOf(load, resource)
  })
  const total = figures.reduce((sum, figure) => sum + figure, 0)
  if (total === 0) return 1
  const mean = total / capacities.reduce((sum, capacity) => sum + capacity, 0)
  return figures.reduce(
    (most, figure, index) => Math.max(most, figure / (capacities[index] ?? 1) / mean),
    0,
  )
}
