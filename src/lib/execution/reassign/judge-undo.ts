import { sameList } from '../../plan/step-lists.js'
import { isOtherTopic, type PartitionView } from './judge-move.js'
import type { Move } from './moves.js'

/**
 * What has to be done to take a move back. `finished`: it ended before it could be taken back. `unsafe`: only its new
 * replicas are in sync now. `foreign`: somebody else has moved the partition meanwhile.
 */
export type UndoVerdict = 'submit' | 'wait' | 'unsafe' | 'undone' | 'finished' | 'gone' | 'foreign'

const heads = (union: readonly number[], list: readonly number[]): boolean =>
  sameList(union.slice(0, list.length), list)

const areIn = (some: readonly number[], all: readonly number[]): boolean =>
  some.every((id) => all.includes(id))

/** After this long a request that was sent has either been taken or been lost for good. */
const SETTLE_MS = 10_000

/**
 * A move is taken back by submitting its original list, in order. KRaft then drops the new replicas once all originals
 * are in sync. With ZooKeeper they are dropped at once, and of the originals only life is asked: so at least one of
 * them has to be in sync before anything is sent, or the only copy would go. (A null list may also change their order.)
 * `sinceSentMs` is null while no such request is out.
 */
export function judgeUndo(
  move: Move,
  view: PartitionView | null,
  sinceSentMs: number | null,
): UndoVerdict {
  if (view === null || isOtherTopic(move, view)) return 'gone'
  const { replicas, inFlight } = view
  if (inFlight !== null) return judgeInFlight(move, view, inFlight.replicas, sinceSentMs !== null)
  if (sameList(replicas, move.from)) return 'undone'
  if (sinceSentMs !== null && sinceSentMs < SETTLE_MS) return 'wait'
  if (sameList(replicas, move.to)) return 'finished'
  const isReordered = replicas.length === move.from.length && areIn(replicas, move.from)
  if (isReordered) return 'submit'
  // Brokers may still show both lists together after the controller has ended the move, one way or the other.
  return areIn(replicas, [...move.from, ...move.to]) ? 'wait' : 'foreign'
}

function judgeInFlight(
  move: Move,
  { isr }: PartitionView,
  union: readonly number[],
  isOut: boolean,
): UndoVerdict {
  const goesBack = heads(union, move.from)
  if (goesBack && isOut) return 'wait'
  if (!goesBack && !heads(union, move.to)) return 'foreign'
  return move.from.some((id) => isr.includes(id)) ? 'submit' : 'unsafe'
}
