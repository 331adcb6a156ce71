import { sameList } from '../../plan/step-lists.js'
import { isOtherTopic, type PartitionView } from './judge-move.js'
import type { Move } from './moves.js'

/** What has to be done to take a move back. `finished`: it ended before it could be taken back. */
export type UndoVerdict = 'submit' | 'wait' | 'undone' | 'finished' | 'gone'

const heads = (union: readonly number[], list: readonly number[]): boolean =>
  sameList(union.slice(0, list.length), list)

/** After this long a request that was sent has either been taken or been lost for good. */
const SETTLE_MS = 10_000

/**
 * A move is taken back by submitting its original list, in order: Kafka drops the new replicas once all originals are
 * in sync, and with ZooKeeper it refuses a list with a dead broker. (A null list would drop them at once, in any
 * order, with ZooKeeper even when they hold the only copy.) `sinceSentMs` is null while no such request is out.
 */
export function judgeUndo(
  move: Move,
  view: PartitionView | null,
  sinceSentMs: number | null,
): UndoVerdict {
  if (view === null || isOtherTopic(move, view)) return 'gone'
  const isOut = sinceSentMs !== null
  if (view.inFlight !== null) {
    return isOut && heads(view.inFlight.replicas, move.from) ? 'wait' : 'submit'
  }
  if (sameList(view.replicas, move.from)) return 'undone'
  if (isOut && sinceSentMs < SETTLE_MS) return 'wait'
  return sameList(view.replicas, move.to) ? 'finished' : 'submit'
}
