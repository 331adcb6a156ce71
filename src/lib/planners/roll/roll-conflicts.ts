import type { Snapshot } from '../../model/snapshot.js'
import { inSyncReplicas } from './min-isr.js'

/**
 * Which brokers may be down together, as counting rules: of the brokers that hold partition i, at most `allowance[i]` may
 * stop at the same time. Partitions that no order of restarts can protect (replication factor not above min ISR) allow one.
 */
export interface RollConflicts {
  /** For each broker, the indexes of the partitions whose in-sync set it is part of. */
  readonly partitionsOf: ReadonlyMap<number, readonly number[]>
  /** For each partition index, how many of its in-sync replicas may stop together; never below 1. */
  readonly allowance: readonly number[]
}

/** Reads the rules from the real assignments, never from rack labels alone. */
export function findRollConflicts(
  snapshot: Snapshot,
  targets: ReadonlySet<number>,
  margin: number,
): RollConflicts {
  const dead = new Set(
    snapshot.brokers.filter((broker) => broker.state === 'dead').map((broker) => broker.id),
  )
  const partitionsOf = new Map<number, number[]>([...targets].map((id) => [id, []]))
  const allowance: number[] = []
  for (const topic of snapshot.topics) {
    const minIsr = topic.minInsyncReplicas ?? 1
    for (const partition of topic.partitions) {
      const isr = inSyncReplicas(partition, dead)
      const involved = isr.filter((replica) => targets.has(replica))
      if (involved.length < 2) continue
      const wanted = partition.replicas.length > minIsr + margin ? minIsr + margin : minIsr
      const index = allowance.length
      allowance.push(Math.max(1, isr.length - Math.max(1, wanted)))
      for (const replica of involved) partitionsOf.get(replica)?.push(index)
    }
  }
  return { partitionsOf, allowance }
}
