import type { Reason } from '../../plan/plan.js'
import { sameList } from '../../plan/step-lists.js'
import type { MoveStatus } from './execution-state.js'
import { isElected, type Move } from './moves.js'

/** A partition as read just now; `inFlight` comes from the controller and is read before the rest. */
export interface PartitionView {
  readonly topicId?: string
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly leader: number | null
  readonly inFlight: {
    readonly replicas: readonly number[]
    readonly removing?: readonly number[]
  } | null
}

/** What has to be done about a move now. */
export type Verdict =
  | { readonly kind: 'submit' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'elect' }
  | { readonly kind: 'done' }
  | { readonly kind: 'gone'; readonly reason: Reason }
  | { readonly kind: 'foreign'; readonly reason: Reason }

/** Brokers learn of a change a little after the controller: before that, what they say proves nothing. */
const SETTLE_MS = 10_000

const reason = (code: string, text: string): Reason => ({ code, text })
const list = (replicas: readonly number[]): string => `[${replicas.join(',')}]`

/** The target of a reassignment in flight: the union lists it first. */
const heads = (union: readonly number[], target: readonly number[]): boolean =>
  sameList(union.slice(0, target.length), target)

/** A move under way as metadata has it, target first: a broker behind the controller shows it after the end. */
function isUnion({ from, to }: Move, replicas: readonly number[]): boolean {
  const union = [...to, ...from.filter((broker) => !to.includes(broker))]
  return heads(replicas, to) && sameList([...replicas].sort(), union.sort())
}

/** Whether the topic was deleted and made again: same name, another id. */
export function isOtherTopic(move: Move, view: PartitionView): boolean {
  const areKnown = move.topicId !== undefined && view.topicId !== undefined
  return areKnown && move.topicId !== view.topicId
}

function identity(move: Move, view: PartitionView | null): Verdict | null {
  if (view === null) {
    const text = `${move.key} is gone: its topic was deleted meanwhile`
    return { kind: 'gone', reason: reason('TOPIC_DELETED', text) }
  }
  if (isOtherTopic(move, view)) {
    const text = `topic ${move.topic} was deleted and made again: it is not the one that was planned for`
    return { kind: 'gone', reason: reason('TOPIC_RECREATED', text) }
  }
  return null
}

function foreign(move: Move, found: string): Verdict {
  const text = `${move.key} is ${found}, which is neither its start ${list(move.from)} nor its target ${list(move.to)}: somebody else changes this cluster`
  return { kind: 'foreign', reason: reason('CHANGED_BY_OTHERS', text) }
}

function atTarget(move: Move, view: PartitionView, isFresh: boolean): Verdict {
  if (!move.to.every((broker) => view.isr.includes(broker))) return { kind: 'wait' }
  if (view.leader === move.leader) return { kind: 'done' }
  if (isElected(move)) return { kind: 'elect' }
  // A broker behind may show the list as it was before all this; after that, the last look tells who leads instead.
  return isFresh ? { kind: 'wait' } : { kind: 'done' }
}

function atStart(move: Move, status: MoveStatus, settled: boolean, isFresh: boolean): Verdict {
  // A late request of the step before would put the partition back to where this one takes it from.
  if (status === 'planned' && isFresh) return { kind: 'wait' }
  if (status === 'planned' || status === 'intent' || status === 'unknown') return { kind: 'submit' }
  if (!settled) return { kind: 'wait' }
  const text = `the move of ${move.key} was cancelled by somebody else`
  return { kind: 'foreign', reason: reason('CANCELLED_BY_OTHERS', text) }
}

function inFlight(move: Move, status: MoveStatus, union: readonly number[]): Verdict {
  const isOurs = status !== 'planned' && heads(union, move.to)
  return isOurs ? { kind: 'wait' } : foreign(move, `being moved to ${list(union)}`)
}

/**
 * Compares a move with what the cluster shows. `sinceChangeMs` is that of the ledger. Done means: not in
 * flight, same topic id, replicas equal the target in order, all of them in sync, and the first of them leads. An
 * absent entry in the list of reassignments alone means nothing: it may have been cancelled, overridden or deleted.
 */
export function judgeMove(
  move: Move,
  status: MoveStatus,
  view: PartitionView | null,
  sinceChangeMs: number | null,
): Verdict {
  const gone = identity(move, view)
  if (gone !== null || view === null) return gone ?? { kind: 'wait' }
  if (view.inFlight !== null) return inFlight(move, status, view.inFlight.replicas)
  const settled = sinceChangeMs !== null && sinceChangeMs > SETTLE_MS
  const isFresh = sinceChangeMs !== null && !settled
  if (sameList(view.replicas, move.to)) return atTarget(move, view, isFresh)
  if (sameList(view.replicas, move.from)) return atStart(move, status, settled, isFresh)
  const mayBeStale = status === 'planned' ? isFresh : !settled || isUnion(move, view.replicas)
  return mayBeStale ? { kind: 'wait' } : foreign(move, `at ${list(view.replicas)}`)
}
