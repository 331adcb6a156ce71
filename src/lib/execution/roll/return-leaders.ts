import type { Snapshot } from '../../model/snapshot.js'
import type { TopicPartition } from '../../model/topic-partition.js'
import type { RollDeps } from './roll-deps.js'

/** Partitions whose preferred leader is in sync and does not lead; with `broker`, only those that prefer it. */
export function findLeadersAway(snapshot: Snapshot, broker?: number): readonly TopicPartition[] {
  return snapshot.topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => {
        const preferred = partition.replicas[0]
        if (preferred === undefined || preferred === partition.leader) return false
        if (broker !== undefined && preferred !== broker) return false
        return (partition.isr ?? partition.replicas).includes(preferred)
      })
      .map((partition) => ({ topic: topic.name, partition: partition.id })),
  )
}

/**
 * Gives leadership back by preferred election (KIP-460): the cluster's own rebalancer looks every 300 s only, and may be
 * off. What is refused is said and not fatal: the gate judges the imbalance that remains.
 */
export async function returnLeaders(
  deps: RollDeps,
  snapshot: Snapshot,
  broker?: number,
): Promise<void> {
  const away = findLeadersAway(snapshot, broker)
  if (away.length === 0) return
  const outcomes = await deps.electPreferred(away)
  const refused = outcomes.filter((outcome) => outcome.status !== 'ok')
  const first = refused[0]
  if (first === undefined) return
  deps.say({
    type: 'warning',
    broker: broker ?? null,
    text: `${refused.length} of ${away.length} preferred leaders were not elected: ${first.message}`,
  })
}
