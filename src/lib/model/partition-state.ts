import type { Broker, Partition } from './snapshot.js'

/** The replicas that a partition has apart from those that a reassignment in flight is still adding. */
export function baseReplicas(partition: Partition): readonly number[] {
  const adding = partition.adding ?? []
  return adding.length === 0
    ? partition.replicas
    : partition.replicas.filter((replica) => !adding.includes(replica))
}

/** Whether a reassignment of the partition is in flight. */
export function isBeingReassigned(partition: Partition): boolean {
  return (partition.adding?.length ?? 0) > 0 || (partition.removing?.length ?? 0) > 0
}

/** The ISR; where a snapshot leaves it out, all replicas on brokers that are not dead. */
export function inSyncReplicas(
  partition: Partition,
  brokers: ReadonlyMap<number, Broker>,
): readonly number[] {
  return (
    partition.isr ??
    partition.replicas.filter((id) => (brokers.get(id)?.state ?? 'dead') !== 'dead')
  )
}

/** Base replicas that are not in sync: a partition with any is under-replicated. A move in flight makes none. */
export function outOfSyncReplicas(
  partition: Partition,
  brokers: ReadonlyMap<number, Broker>,
): readonly number[] {
  const isr = inSyncReplicas(partition, brokers)
  return baseReplicas(partition).filter((replica) => !isr.includes(replica))
}
