import { isBeingReassigned } from '../../model/partition-state.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { DrainedPartition } from '../../ports/journal.js'
import type { WriteOutcome } from '../../ports/cluster-writer.js'
import type { RollDeps } from './roll-deps.js'

interface Handover extends DrainedPartition {
  /** The order that makes another in-sync replica the preferred leader. */
  readonly meanwhile: readonly number[]
}

/** Partitions that a broker leads and another in-sync replica can take over, none of `avoid`. */
export function findHandovers(
  snapshot: Snapshot,
  broker: number,
  avoid: ReadonlySet<number>,
): readonly Handover[] {
  return snapshot.topics.flatMap(({ name, partitions }) =>
    partitions.flatMap((partition): readonly Handover[] => {
      const { id, leader, replicas, isr = [] } = partition
      if (leader !== broker || isBeingReassigned(partition)) return []
      const heir = replicas.find(
        (replica) => replica !== broker && !avoid.has(replica) && isr.includes(replica),
      )
      if (heir === undefined) return []
      const meanwhile = [heir, ...replicas.filter((replica) => replica !== heir)]
      return [{ topic: name, partition: id, replicas, meanwhile }]
    }),
  )
}

function countRefused(outcomes: readonly WriteOutcome[]): number {
  return outcomes.filter(({ status }) => status !== 'ok').length
}

/**
 * Moves leadership off a broker before it stops: another in-sync replica goes first in the replica list (an order-only
 * change, which moves no data) and is elected. `record` is called with the lists as they were before anything changes.
 * What is refused stays, and the controlled shutdown moves it.
 */
export async function drainLeaders(
  deps: RollDeps,
  handovers: readonly Handover[],
  record: (drained: readonly DrainedPartition[]) => Promise<void>,
  broker: number,
): Promise<void> {
  await record(handovers.map(({ topic, partition, replicas }) => ({ topic, partition, replicas })))
  if (handovers.length === 0) return
  const reordered = await deps.reorder(
    handovers.map(({ topic, partition, meanwhile }) => ({ topic, partition, replicas: meanwhile })),
  )
  const moved = handovers.filter((_, index) => reordered[index]?.status === 'ok')
  const elected = await deps.electPreferred(
    moved.map(({ topic, partition }) => ({ topic, partition })),
  )
  const refused = countRefused(reordered) + countRefused(elected)
  if (refused === 0) return
  const text = `${refused} of ${handovers.length} leaders were not drained; the stop itself moves them`
  deps.say({ type: 'warning', broker, text })
}

/** Gives replica lists back the order they had; lists whose members changed meanwhile are somebody else's now. */
export async function restoreOrder(
  deps: RollDeps,
  snapshot: Snapshot,
  drained: readonly DrainedPartition[],
  broker: number,
): Promise<void> {
  const lists = new Map(
    snapshot.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ id, replicas }) => [`${name}-${id}`, replicas]),
    ),
  )
  const mine = drained.filter(({ topic, partition, replicas }) => {
    const now = lists.get(`${topic}-${partition}`)
    return now?.length === replicas.length && replicas.every((replica) => now.includes(replica))
  })
  if (mine.length === 0) return
  const refused = countRefused(await deps.reorder(mine))
  if (refused === 0) return
  const text = `${refused} of ${mine.length} replica lists did not get their order back`
  deps.say({ type: 'warning', broker, text })
}
