import type { Partition, Snapshot } from '../../model/snapshot.js'
import type { RollPolicy } from './roll-policy.js'

/** Brokers that were named for the roll although they are not there: their restart comes first. */
export function findSickBrokers(snapshot: Snapshot, policy: RollPolicy): ReadonlySet<number> {
  const named = new Set(policy.brokers ?? [])
  const excluded = new Set(policy.exclude)
  return new Set(
    snapshot.brokers
      .filter(({ id, state }) => state === 'dead' && named.has(id) && !excluded.has(id))
      .map(({ id }) => id),
  )
}

function heal(partition: Partition, sick: ReadonlySet<number>): Partition {
  const back = partition.replicas.filter((id) => sick.has(id))
  if (back.length === 0) return partition
  const isr = [...new Set([...(partition.isr ?? []), ...back])]
  return { ...partition, isr, leader: partition.leader ?? back[0] ?? null }
}

/** The cluster as it will be once these brokers are back and in sync: what the plan for the others is judged by. */
export function imagineBack(snapshot: Snapshot, sick: ReadonlySet<number>): Snapshot {
  if (sick.size === 0) return snapshot
  return {
    ...snapshot,
    brokers: snapshot.brokers.map((broker) =>
      sick.has(broker.id) ? { ...broker, state: 'alive' } : broker,
    ),
    topics: snapshot.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => heal(partition, sick)),
    })),
  }
}
