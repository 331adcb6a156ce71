import { OperatorError } from '../../errors/operator-error.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { WriteOutcome } from '../../ports/cluster-writer.js'
import type { Ledger } from './ledger.js'
import type { RunEnd } from './run-types.js'
import type { FullList } from './throttle/list-room.js'

/** Refusals that would be the same tomorrow: the move is not tried again. */
export const LASTING = new Set([
  'INVALID_REPLICA_ASSIGNMENT',
  'INVALID_REPLICATION_FACTOR',
  'INELIGIBLE_REPLICA',
  'POLICY_VIOLATION',
  'INVALID_REQUEST',
])

/** A signal asked for an end, and what was under way has ended. */
export const INTERRUPTED: RunEnd = {
  outcome: 'interrupted',
  exit: 'interrupted',
  code: 'INTERRUPTED',
  message: 'stopped as asked, after the moves under way had ended',
}

/** The time given with `--for` is over, and what was under way has ended. */
export const TIME_IS_UP: RunEnd = {
  outcome: 'stopped',
  exit: 'stoppedHalfWay',
  code: 'TIME_IS_UP',
  message: 'the time given is over; resume goes on with the rest',
}

/** Somebody else works on the same cluster: nothing more is started, what is under way is finished. */
export function foreignOperator(text: string): RunEnd {
  return {
    outcome: 'stopped',
    exit: 'stoppedHalfWay',
    code: 'FOREIGN_OPERATOR',
    message: `stopped: ${text}`,
  }
}

/** A list of throttled replicas has no room for one more move: what is under way is finished, nothing more is started. */
export function listFull({ topic, key, bytes }: FullList): RunEnd {
  return {
    outcome: 'stopped',
    exit: 'stoppedHalfWay',
    code: 'THROTTLE_LIST_FULL',
    message: `stopped: ${key} of topic ${topic} is ${bytes} bytes long by entries that are not of this execution, and Kafka stores 32,767 at most: shorten that list, or go on without a throttle (resume --throttle none)`,
  }
}

/** Throws when the principal lacks ALTER on the cluster: every further request would be refused as well. */
export function stopWhenForbidden(outcomes: readonly WriteOutcome[]): void {
  const refusal = outcomes.find(
    (outcome) => outcome.status === 'refused' && outcome.code === 'CLUSTER_AUTHORIZATION_FAILED',
  )
  if (refusal === undefined) return
  throw new OperatorError({
    code: 'NOT_AUTHORISED',
    message: 'The cluster does not let this principal move partitions or elect leaders.',
    nextSteps: ['grant ALTER on the cluster to it, then: klinic reassign resume'],
    exit: 'notAuthorised',
  })
}

/** The end of a run in which every move is over. */
export function endOf(ledger: Ledger): RunEnd {
  const skipped = ledger.moves.filter((move) => ledger.statusOf(move) === 'skipped')
  // Those that a run took back by itself are as little made.
  const takenBack = ledger.moves.filter(
    (move) => ledger.statusOf(move) === 'undone' && ledger.reasonOf(move) !== undefined,
  )
  const lost = [
    ...skipped.filter((move) => !HARMLESS.has(ledger.reasonOf(move)?.code ?? '')),
    ...takenBack,
  ]
  if (lost.length === 0) {
    const done = `${ledger.count('done')} of ${ledger.moves.length} moves done`
    return { outcome: 'finished', exit: 'done', code: 'FINISHED', message: done }
  }
  return {
    outcome: 'finished',
    exit: 'stoppedHalfWay',
    code: 'MOVES_SKIPPED',
    message: `${lost.length} of ${ledger.moves.length} moves were not made`,
  }
}

/** Reasons for which leaving a move out is what the operator wants. */
const HARMLESS = new Set(['TOPIC_DELETED', 'TOPIC_RECREATED', 'SKIPPED_AS_ASKED', 'BROKER_BACK'])

/**
 * An end as a report may tell it: not as done while something is owed or is not as it should be, since the next command of
 * a script would take the cluster for clean.
 */
export function truthOf(
  end: RunEnd,
  { debts, differences }: Pick<ExecutionReport, 'debts' | 'differences'>,
): RunEnd {
  if (end.exit !== 'done' && end.exit !== 'interrupted') return end
  if (debts.length > 0) {
    const owing = [...new Set(debts.map(({ resource }) => `${resource.type} ${resource.name}`))]
    const message = `${end.message}; the throttle of ${owing.join(', ')} could not be given back and is owed: klinic reassign cleanup pays it`
    return { ...end, exit: 'stoppedHalfWay', code: 'THROTTLE_OWED', message }
  }
  if (end.exit !== 'done' || differences.length === 0) return end
  const message = `${end.message}; the cluster differs from the plan`
  return { ...end, exit: 'stoppedHalfWay', code: 'NOT_AS_PLANNED', message }
}
