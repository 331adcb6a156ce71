import { OperatorError } from '../errors/operator-error.js'
import type { ExecutionState } from '../execution/reassign/execution-state.js'
import type { Snapshot } from '../model/snapshot.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'

/**
 * Refuses (exit 77) to go on with an execution when this principal may see only a part of the cluster, as at its start;
 * unless that was lifted then, or is now. What cannot be read for other reasons is waited for by the run itself.
 */
export async function refuseHiddenView(
  context: ReadContext,
  ui: Ui,
  { started }: Pick<ExecutionState, 'started'>,
  ignore: boolean,
): Promise<void> {
  const { hiddenView, liftedBefore } =
    await import('../execution/reassign/guards/judge-view-again.js')
  if (ignore || liftedBefore(started)) return
  const { NOT_GONE_ON, refusalOf } = await import('../execution/reassign/guards/check-guards.js')
  const { readCluster } = await import('./compose-snapshot.js')
  const snapshot = await readCluster(context, ui).catch(unlessUnreachable)
  const refusal = snapshot === null ? null : refusalOf(hiddenView(snapshot), NOT_GONE_ON)
  if (refusal !== null) throw refusal
}

function unlessUnreachable(error: unknown): Snapshot | null {
  if (error instanceof OperatorError && error.exit === 'unreachable') return null
  throw error
}
