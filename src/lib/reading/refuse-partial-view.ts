import { OperatorError } from '../errors/operator-error.js'
import { checkPartialView } from '../health/checks/visibility.js'
import { viewHealth } from '../health/health-view.js'
import type { Snapshot } from '../model/snapshot.js'

/** Throws (exit 77) when the snapshot shows a part of the cluster only: nothing may be planned on that. */
export function refusePartialView(snapshot: Snapshot): void {
  const [finding] = checkPartialView(viewHealth(snapshot))
  if (finding === undefined) return
  throw new OperatorError({
    code: finding.code,
    message: finding.message,
    nextSteps: finding.nextSteps,
    exit: 'notAuthorised',
  })
}
