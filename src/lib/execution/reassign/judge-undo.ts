import { sameList } from '../../plan/step-lists.js'
import { isOtherTopic, type PartitionView } from './judge-move.js'
import type { Move } from './moves.js'

/** What has to be done to take a move back. `finished`: it ended before it could be taken back. */
export type UndoVerdict = 'submit' | 'wait' | 'undone' | 'finished' | 'gone'

const heads = (union: readonly number[], list: readonly number[]): boolean =>
  sameList(union.slice(0, list.length), list)

/**
 * A move is taken back by submitting its original list, in order: Kafka drops the new replicas once all originals are
 * in sync, and with ZooKeeper it refuses a list with a dead broker. (A null list would drop them at once, in any
 * order, with ZooKeeper even when they hold the only copy.)
 */
export function judgeUndo(move: Move, view: PartitionView | null, wasSent: boolean): UndoVerdict {
  if (view === null || isOtherTopic(move, view)) return 'gone'
  if (view.inFlight !== null) {
    return wasSent && heads(view.inFlight.replicas, move.from) ? 'wait' : 'submit'
  }
  if (sameList(view.replicas, move.from)) return 'undone'
  if (sameList(view.replicas, move.to) && !wasSent) return 'finished'
  return wasSent ? 'wait' : 'submit'
}
