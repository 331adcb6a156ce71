import { sameList } from '../../plan/step-lists.js'
import type { Verdict, PartitionView } from './judge-move.js'
import type { Move } from './moves.js'

/**
 * A heal moves replicas off brokers that were dead. When one came back before its move was begun, and the partition is
 * whole again, the move is dropped: it would copy data for nothing. Null when it is still wanted.
 */
export function judgeReturn(
  move: Move,
  view: PartitionView | null,
  liveBrokers: ReadonlySet<number>,
): Verdict | null {
  if (view === null || move.changesReplicationFactor || move.adding.length === 0) return null
  const isThere = (id: number): boolean => view.isr.includes(id) && liveBrokers.has(id)
  const isWhole = view.inFlight === null && sameList(view.replicas, move.from)
  if (!isWhole || view.leader === null || !move.from.every(isThere)) return null
  const back = move.from.filter((id) => !move.to.includes(id))
  const text = `${move.key} is whole again: broker ${back.join(', ')} is back, so its replica stays`
  return { kind: 'gone', reason: { code: 'BROKER_BACK', text } }
}
