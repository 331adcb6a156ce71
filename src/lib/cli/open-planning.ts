import type { Settings } from '../config/settings.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'
import type { SnapshotSource, SnapshotTools } from './compose-snapshot.js'
import type { ContextInput, ReadContext } from './read-context.js'

/** What a planner starts from. */
export interface Planning {
  readonly snapshot: Snapshot
  readonly settings: Settings
}

/**
 * A second request silently overrides a reassignment in flight: who cannot see what is in flight must not plan. Throws
 * (exit 3) when the snapshot could not read it.
 */
export function refuseUnseenReassignments(snapshot: Snapshot): void {
  const unread = snapshot.unread?.find(({ part }) => part === 'reassignments')
  if (unread === undefined) return
  throw new OperatorError({
    code: 'REASSIGNMENTS_UNREAD',
    message: `what is being reassigned could not be read (${unread.code}: ${unread.message}), so nothing can be planned`,
    nextSteps: ['klinic reassign status', 'klinic access check'],
    exit: unread.code === 'NOT_AUTHORISED' ? 'notAuthorised' : 'refused',
  })
}

/** A file cannot be observed: one of the two was not meant. */
export function refuseTwoSources(source: SnapshotSource): void {
  if (source['from-snapshot'] === undefined || source.observe === undefined) return
  throw new OperatorError({
    code: 'USAGE',
    message: '--observe measures a live cluster, --from-snapshot reads a file: give one of them',
    exit: 'usage',
  })
}

/** The cluster (or the file) to plan for, with the settings that hold for it. Nothing here can write to a cluster. */
export async function openPlanning(
  input: ContextInput,
  source: SnapshotSource,
  tools: SnapshotTools,
): Promise<Planning> {
  const { openReadContext } = await import('./read-context.js')
  return startPlanning(await openReadContext(input), source, tools)
}

/** The same from a context that is open already. */
export async function startPlanning(
  context: ReadContext,
  source: SnapshotSource,
  tools: SnapshotTools,
): Promise<Planning> {
  refuseTwoSources(source)
  const { obtainSnapshot } = await import('./compose-snapshot.js')
  const snapshot = await obtainSnapshot(context, source, tools)
  refuseUnseenReassignments(snapshot)
  const { settings } = context
  // A file stands for itself: what is in maintenance now says nothing about it.
  if (source['from-snapshot'] !== undefined) return { snapshot, settings }
  const { withMaintenance } = await import('./read-state.js')
  return { snapshot: await withMaintenance(context, snapshot), settings }
}
