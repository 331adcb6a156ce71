import { sameList } from '../../plan/step-lists.js'
import { isOtherTopic, type PartitionView } from './judge-move.js'
import { isElected, type Move } from './moves.js'

/**
 * What has to be done to take a move back. `finished`: it ended before it could be taken back; `elect`: so it did, and its
 * leader is still to be elected. `unsafe`: taking it back could drop the only copy, or leave too few in sync. `foreign`:
 * somebody else has moved the partition meanwhile.
 */
export type UndoVerdict =
  'submit' | 'wait' | 'unsafe' | 'undone' | 'elect' | 'finished' | 'gone' | 'foreign'

/** What bears on taking a move back beside the partition itself. */
export interface UndoFacts {
  /** Milliseconds since the original list was sent; null while it was not. */
  readonly sinceSentMs: number | null
  /** Milliseconds since the controller last listed the move, or since this process began to look. */
  readonly sinceChangeMs: number
  readonly liveBrokers: ReadonlySet<number>
  /** Effective `min.insync.replicas` of the topic; null when it could not be read. */
  readonly minIsr: number | null
}

const heads = (union: readonly number[], list: readonly number[]): boolean =>
  sameList(union.slice(0, list.length), list)

const areIn = (some: readonly number[], all: readonly number[]): boolean =>
  some.every((id) => all.includes(id))

/** After this long a request that was sent has either been taken or been lost for good. */
const SETTLE_MS = 10_000

/**
 * A move is taken back by submitting its original list, in order. (A null list may change their order, and with ZooKeeper
 * lose the only copy.) Both modes drop the new replicas as soon as the originals are judged fit, and with ZooKeeper they are
 * judged by life alone: so whether they are in sync is for us to see before anything is sent.
 */
export function judgeUndo(move: Move, view: PartitionView | null, facts: UndoFacts): UndoVerdict {
  if (view === null || isOtherTopic(move, view)) return 'gone'
  return view.inFlight === null ? judgeEnded(move, view, facts) : judgeInFlight(move, view, facts)
}

function judgeEnded(move: Move, view: PartitionView, facts: UndoFacts): UndoVerdict {
  const { replicas } = view
  const { sinceSentMs, sinceChangeMs } = facts
  if (sinceChangeMs < SETTLE_MS && mayBeUnion(move, replicas)) return 'wait'
  if (sameList(replicas, move.from)) return 'undone'
  if (sinceSentMs !== null && sinceSentMs < SETTLE_MS) return 'wait'
  if (sameList(replicas, move.to)) return judgeFinished(move, view, facts)
  const isReordered = replicas.length === move.from.length && areIn(replicas, move.from)
  if (isReordered) return 'submit'
  // Brokers may still show both lists together after the controller has ended the move, one way or the other.
  return areIn(replicas, [...move.from, ...move.to]) ? 'wait' : 'foreign'
}

/**
 * Whether a list may be both lists together, as a broker behind the controller still shows them after the end: where replicas
 * only come, or only go, both together look like one of the two.
 */
function mayBeUnion({ from, to, adding }: Move, replicas: readonly number[]): boolean {
  const isOneOfTwo = (adding.length === 0) !== areIn(from, to)
  return isOneOfTwo && areIn([...from, ...to], replicas)
}

function judgeInFlight(move: Move, view: PartitionView, facts: UndoFacts): UndoVerdict {
  const union = view.inFlight?.replicas ?? []
  if (!heads(union, move.from) && !heads(union, move.to)) return 'foreign'
  if (isGoingBack(move, view, facts)) return 'wait'
  return maySafelyGoBack(move, view, facts) ? 'submit' : 'unsafe'
}

/**
 * Whether the controller has taken the original list. Where that heads the new one, both ways are listed alike (of [1,2] to
 * [1,2,3] both are [1,2,3]); then only a removal of what the move adds proves it, and what may have been lost is sent again.
 */
function isGoingBack(
  { from, to, adding }: Move,
  { inFlight }: PartitionView,
  { sinceSentMs }: UndoFacts,
): boolean {
  const union = inFlight?.replicas ?? []
  if (sinceSentMs === null || !heads(union, from)) return false
  const isRemoved = inFlight?.removing?.some((id) => adding.includes(id)) === true
  return !heads(union, to) || isRemoved || sinceSentMs < SETTLE_MS
}

/** A preferred leader that is dead or behind cannot be elected: the move is over all the same. */
function judgeFinished(move: Move, view: PartitionView, { liveBrokers }: UndoFacts): UndoVerdict {
  const { leader } = move
  const canLead = isElected(move) && liveBrokers.has(leader) && view.isr.includes(leader)
  return view.leader !== leader && canLead ? 'elect' : 'finished'
}

/** Live original replicas that are in sync now. */
function livingOriginals(
  { from }: Move,
  { isr }: PartitionView,
  { liveBrokers }: Pick<UndoFacts, 'liveBrokers'>,
): readonly number[] {
  return from.filter((id) => isr.includes(id) && liveBrokers.has(id))
}

/** Why a move is not taken back now, in a sentence that names its partition. */
export function whyUnsafe(
  move: Move,
  view: PartitionView,
  { liveBrokers, minIsr }: Pick<UndoFacts, 'liveBrokers' | 'minIsr'>,
): string {
  const { key, from } = move
  const there = livingOriginals(move, view, { liveBrokers }).length
  return there === 0
    ? `none of the original replicas [${from.join(',')}] of ${key} is alive and in sync, and taking it back could drop its only copy`
    : `${there} of the original replicas [${from.join(',')}] of ${key} are alive and in sync, and ${originalsWanted(move, view, minIsr)} have to be before the new ones may go`
}

/**
 * How many originals must be alive and in sync before the new replicas are dropped: one, so that a copy remains, and the min
 * ISR where a new replica is in sync too, since dropping that one must not stop producers. (LinkedIn came to the min-ISR form
 * after losing partitions: linkedin/kafka#442.) Of an unknown min ISR all of them are asked.
 */
function originalsWanted(
  { from, adding }: Move,
  { isr }: PartitionView,
  minIsr: number | null,
): number {
  const dropsNothingInSync = !adding.some((id) => isr.includes(id))
  if (dropsNothingInSync) return 1
  return Math.min(from.length, Math.max(1, minIsr ?? from.length))
}

function maySafelyGoBack(move: Move, view: PartitionView, facts: UndoFacts): boolean {
  const { length } = livingOriginals(move, view, facts)
  return length >= originalsWanted(move, view, facts.minIsr)
}
