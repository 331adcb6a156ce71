import { brokerLoads, capacityOf, loadOf, type BalancedResource } from '../../model/broker-load.js'
import { indexBrokers, rackOf } from '../../model/find-partition.js'
import type { Broker, Partition, Snapshot } from '../../model/snapshot.js'

/** Capacities to take for every broker instead of those that the snapshot states, and the share that may be used. */
export interface CapacityPolicy {
  /** Share of each capacity that may be used; 1 is all of it. */
  readonly limit: number
  readonly inLimit?: number
  readonly outLimit?: number
  readonly diskLimit?: number
}

/** The resources that a placement watches. */
export const WATCHED = ['in', 'out', 'disk'] as const

/** One of them. */
export type Watched = (typeof WATCHED)[number]

/** What a broker carries while a plan is being made. */
interface Account {
  readonly broker: Broker
  readonly load: Record<BalancedResource, number>
  /** Usable capacity; Infinity where none is stated. */
  readonly room: Readonly<Record<Watched, number>>
  /** What a load of this broker is divided by to compare it with others: capacity, or 1 where all count as equal. */
  readonly scale: Readonly<Record<Watched, number>>
  /** Bytes of replicas that are on their way, and of those that this plan brings. */
  arrivingBytes: number
}

/** The running account of a planner: loads of each broker as the steps so far leave them. */
export interface Ledger {
  readonly accounts: ReadonlyMap<number, Account>
  readonly brokers: ReadonlyMap<number, Broker>
  /** Load over scale of the whole, for each resource: what an even cluster would have everywhere. */
  readonly mean: Readonly<Record<Watched, number>>
  readonly rackOf: (broker: number) => string
}

function statedCapacity(broker: Broker, resource: Watched, policy: CapacityPolicy): number {
  const override = { in: policy.inLimit, out: policy.outLimit, disk: policy.diskLimit }[resource]
  return override ?? capacityOf(broker, resource) ?? 0
}

const each = <T>(make: (resource: Watched) => T): Record<Watched, T> => ({
  in: make('in'),
  out: make('out'),
  disk: make('disk'),
})

/** What reassignments in flight still write to each broker, at most: free space does not know of it yet. */
function bytesOnTheirWay({ topics }: Snapshot): ReadonlyMap<number, number> {
  const arriving = new Map<number, number>()
  for (const { partitions } of topics)
    for (const { adding = [], sizeBytes = 0 } of partitions)
      for (const id of adding) arriving.set(id, (arriving.get(id) ?? 0) + sizeBytes)
  return arriving
}

/** Opens the account with the loads of the snapshot. */
export function openLedger(snapshot: Snapshot, policy: CapacityPolicy): Ledger {
  const loads = brokerLoads(snapshot)
  const brokers = indexBrokers(snapshot)
  const living = snapshot.brokers.filter(({ state }) => state === 'alive')
  const capacity = (broker: Broker, resource: Watched): number =>
    statedCapacity(broker, resource, policy)
  const equal = each((resource) => living.some((broker) => capacity(broker, resource) <= 0))
  const scaleOf = (broker: Broker, resource: Watched): number =>
    equal[resource] || capacity(broker, resource) <= 0 ? 1 : capacity(broker, resource)
  const onTheirWay = bytesOnTheirWay(snapshot)
  const accounts = new Map<number, Account>()
  for (const broker of snapshot.brokers) {
    const load = loads.get(broker.id)
    if (load === undefined) continue
    accounts.set(broker.id, {
      broker,
      load: {
        in: load.inBytesPerSec,
        out: load.outBytesPerSec,
        disk: load.diskBytes,
        replicas: load.replicas,
        leaders: load.leaders,
      },
      room: each((resource) => {
        const stated = capacity(broker, resource)
        return stated > 0 ? stated * policy.limit : Infinity
      }),
      scale: each((resource) => scaleOf(broker, resource)),
      arrivingBytes: onTheirWay.get(broker.id) ?? 0,
    })
  }
  const mean = each((resource) => {
    const total = [...loads.values()].reduce((sum, load) => sum + loadOf(load, resource), 0)
    const scale = living.reduce((sum, broker) => sum + scaleOf(broker, resource), 0)
    return total > 0 && scale > 0 ? total / scale : 0
  })
  return { accounts, brokers, mean, rackOf: (broker) => rackOf(brokers, broker) }
}

/** Bytes per second that leading the partition costs with `factor` replicas: consumers, and its followers. */
export function ledBytes(partition: Partition, factor: number): number {
  return (partition.bytesOutPerSec ?? 0) + (factor - 1) * (partition.bytesInPerSec ?? 0)
}

/** Books a replica on a broker (`sign` 1) or off it (-1). */
export function bookReplica(
  ledger: Ledger,
  broker: number,
  partition: Partition,
  sign: 1 | -1,
): void {
  const account = ledger.accounts.get(broker)
  if (account === undefined) return
  account.load.in += sign * (partition.bytesInPerSec ?? 0)
  account.load.disk += sign * (partition.sizeBytes ?? 0)
  account.load.replicas += sign
  if (sign === 1) account.arrivingBytes += partition.sizeBytes ?? 0
}

/** Books leadership of `bytes` per second on a broker (`sign` 1) or off it (-1). */
export function bookLeader(ledger: Ledger, broker: number, bytes: number, sign: 1 | -1): void {
  const account = ledger.accounts.get(broker)
  if (account === undefined) return
  account.load.out += sign * bytes
  account.load.leaders += sign
}

/** Utilisation over the mean utilisation that a broker would have with `more` of a resource. */
export function useWith(ledger: Ledger, broker: number, resource: Watched, more: number): number {
  const account = ledger.accounts.get(broker)
  const mean = ledger.mean[resource]
  if (account === undefined || mean === 0) return 0
  return (account.load[resource] + more) / account.scale[resource] / mean
}

/** What is left of the usable capacity of a broker; Infinity without one. */
export function roomOf(ledger: Ledger, broker: number, resource: Watched): number {
  const account = ledger.accounts.get(broker)
  return account === undefined ? 0 : account.room[resource] - account.load[resource]
}

/**
 * Whether the log directories of a broker can take a replica. Kafka puts it into the one with the fewest partitions,
 * whatever is free there: so the fullest has to have room for it, and all together for all that this plan brings.
 */
export function fitsLogDirs(ledger: Ledger, broker: number, sizeBytes: number): boolean {
  const account = ledger.accounts.get(broker)
  const free = (account?.broker.logDirs ?? []).flatMap((dir) =>
    dir.error === undefined && dir.usableBytes !== undefined ? [dir.usableBytes] : [],
  )
  if (account === undefined || free.length === 0) return true
  const total = free.reduce((sum, bytes) => sum + bytes, 0)
  const least = free.reduce((min, bytes) => Math.min(min, bytes))
  return sizeBytes <= least && account.arrivingBytes + sizeBytes <= total
}
