import type {
  FoundThrottle,
  KnownExecution,
  MoveInFlight,
  ReassignStatus,
} from '../../plan/reassign-status.js'
import type { ClusterWriter, ConfigChange } from '../../ports/cluster-writer.js'
import type { RunEnd } from './run-types.js'
import type { OpenSession } from './session.js'

/** What a cleanup found to do, decided before anything is asked or changed. */
export interface CleanupWork {
  /** Executions of this host that nobody carries on and that hold or owe throttles: they give them back by journal. */
  readonly executions: readonly KnownExecution[]
  /**
   * Unfinished executions with moves in flight, which have to be resumed or cancelled first, and those of which nobody can tell
   * whether they run.
   */
  readonly blocked: readonly KnownExecution[]
  /** Throttles that no journal of this host explains. */
  readonly foreign: readonly FoundThrottle[]
  /** Reassignments in flight that no journal explains: taken back only when that is asked for. */
  readonly foreignMoves: readonly MoveInFlight[]
}

/** Sorts what the status shows into what can be cleaned up, what must wait, and what is not ours. */
export function planCleanup({ executions, throttles, inFlight }: ReassignStatus): CleanupWork {
  const holding = new Set(throttles.map(({ planId }) => planId).filter((id) => id !== null))
  const moving = new Set(inFlight.map(({ planId }) => planId).filter((id) => id !== null))
  const owing = executions.filter(
    ({ planId, debts, running }) => running !== true && (debts.length > 0 || holding.has(planId)),
  )
  const isIdle = ({ planId, running }: KnownExecution): boolean =>
    running === false && !moving.has(planId)
  return {
    executions: owing.filter(isIdle),
    blocked: owing.filter((execution) => !isIdle(execution)),
    foreign: throttles.filter(({ planId }) => planId === null),
    foreignMoves: inFlight.filter(({ planId }) => planId === null),
  }
}

/** Ends a session whose only work is to give throttles back, which its conclusion does anyway. */
export function endOfCleanup({ state, ledger }: OpenSession): Promise<RunEnd> {
  const isDone = ledger.open().length === 0
  const outcome = isDone ? (state.ended?.outcome ?? 'finished') : 'interrupted'
  return Promise.resolve({
    outcome,
    exit: 'done',
    code: 'CLEANED_UP',
    message: 'throttles were given back',
  })
}

/** Deletes throttles that are not ours, lists before rates. Returns what could not be removed, a sentence each. */
export async function removeForeign(
  writer: Pick<ClusterWriter, 'alterConfigs'>,
  throttles: readonly FoundThrottle[],
): Promise<readonly string[]> {
  const failures: string[] = []
  for (const resource of ['topic', 'broker'] as const) {
    const changes: ConfigChange[] = throttles
      .filter((found) => found.resource === resource)
      .map(({ name, key }) => ({ resource: { type: resource, name }, name: key, op: 'delete' }))
    if (changes.length === 0) continue
    for (const { resource: changed, outcome } of await writer.alterConfigs(changes)) {
      if (outcome.status === 'ok') continue
      failures.push(`${changed.type} ${changed.name}: ${outcome.message}`)
    }
  }
  return failures
}
