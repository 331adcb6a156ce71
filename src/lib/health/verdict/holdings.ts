import type { Broker, Snapshot } from '../../model/snapshot.js'
import { inSyncReplicas } from '../../model/partition-state.js'

/** What one broker has of the cluster's replicas. */
export interface Holdings {
  readonly replicas: number
  /** In sync, of partitions that have a leader: what a partition without one says of its ISR proves nothing. */
  readonly inSync: number
  /** That the cluster calls offline although the broker is registered. */
  readonly offline: number
}

/** A broker that no replica list names. */
export const NO_HOLDINGS: Holdings = { replicas: 0, inSync: 0, offline: 0 }

/** The holdings of every broker that a replica list names. Replicas that a reassignment is still adding do not count. */
export function holdingsOf(
  snapshot: Snapshot,
  brokers: ReadonlyMap<number, Broker>,
): ReadonlyMap<number, Holdings> {
  const all = new Map<number, { replicas: number; inSync: number; offline: number }>()
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const isr = partition.leader === null ? [] : inSyncReplicas(partition, brokers)
      for (const id of partition.replicas) {
        if (partition.adding?.includes(id) === true) continue
        const own = all.get(id) ?? { replicas: 0, inSync: 0, offline: 0 }
        all.set(id, own)
        own.replicas += 1
        if (isr.includes(id)) own.inSync += 1
        if (partition.offlineReplicas?.includes(id) === true) own.offline += 1
      }
    }
  }
  return all
}
