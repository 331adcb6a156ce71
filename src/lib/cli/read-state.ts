import { markMaintenance, noteMaintenance } from '../coordination/mark-maintenance.js'
import { NO_MAINTENANCE, viewState, type StateView } from '../coordination/view-state.js'
import { OperatorError } from '../errors/operator-error.js'
import type { SnapshotMaintenance } from '../model/snapshot-maintenance.js'
import type { Snapshot } from '../model/snapshot.js'
import { currentActor } from './compose-journal.js'
import type { ReadContext } from './read-context.js'

type StateContext = Pick<ReadContext, 'withState' | 'clock'>

/** What hosts have agreed on, as of now. Throws an OperatorError when it cannot be read; nothing written yet is empty. */
export function readState(context: StateContext, clusterId: string): Promise<StateView> {
  return context.withState(clusterId, async (state) =>
    viewState(await state.read(), context.clock.nowMs()),
  )
}

/** The snapshot of a live cluster with what is in maintenance; that it cannot be read is noted in it, too. */
export async function withMaintenance(
  context: StateContext,
  snapshot: Snapshot,
): Promise<Snapshot> {
  return markMaintenance(snapshot, await tryReadMaintenance(context, snapshot.cluster.id))
}

async function tryReadMaintenance(
  context: StateContext,
  clusterId: string,
): Promise<SnapshotMaintenance> {
  try {
    return noteMaintenance({ state: await readState(context, clusterId), unread: null })
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const state = { maintenance: NO_MAINTENANCE, unreadable: [] }
    return noteMaintenance({ state, unread: error })
  }
}

/** What is about to be done to a cluster without a preparation of its own. */
export interface Undertaking {
  readonly clusterId: string
  /** Brokers that it touches. */
  readonly brokers: readonly number[]
  /** `--ignore-maintenance` */
  readonly ignore: boolean
  /** Maintenance that this very user began on this host stands in nobody's way. */
  readonly mineIsFine: boolean
  /** First line of the refusal, where something was begun before. */
  readonly lead?: string | undefined
}

/** Refuses (exit 75) what maintenance forbids, and (exit 3, 77) when nobody can tell what it forbids. */
export async function refuseInMaintenance(
  context: StateContext,
  { clusterId, brokers, ignore, mineIsFine, lead }: Undertaking,
): Promise<void> {
  if (ignore) return
  const { maintenanceGuards } = await import('../execution/reassign/guards/maintenance-guard.js')
  const { refusalOf } = await import('../execution/reassign/guards/check-guards.js')
  const { user, host } = currentActor()
  const maintenance = await tryReadMaintenance(context, clusterId)
  const standing = maintenanceGuards(
    { maintenance },
    new Set(brokers),
    (note) => mineIsFine && note.user === user && note.host === host,
  )
  const refusal = refusalOf(standing, lead)
  if (refusal !== null) throw refusal
}
