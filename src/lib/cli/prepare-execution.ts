import type { Preparation } from '../execution/reassign/prepare.js'
import type { RunSettings } from '../execution/reassign/run-types.js'
import type { LiftingFlag } from '../execution/reassign/guards/guard.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import type { PlanSource } from './compose-files.js'
import { checkKind, checkSha256, prepareOrRefuse, warningsOf } from './execute-plan.js'
import type { LockWish } from './lock-choice.js'
import { liftedBy, runSettings, type PaceValues } from './reassign-flags.js'
import type { Ui } from './ui.js'
import { windowChoice } from './window-flags.js'
import type { WriteContext } from './write-context.js'

/** Flags that decide whether and how a plan may be carried out. */
export type ExecutionValues = PaceValues &
  Readonly<Partial<Record<LiftingFlag, boolean>>> & {
    readonly 'plan-sha256'?: string | undefined
    readonly 'dry-run': boolean
    readonly 'allow-replication-factor-change': boolean
  }

/** A plan that may be carried out, as soon as it is confirmed. */
export interface PreparedExecution {
  readonly plan: Plan
  readonly snapshot: Snapshot
  readonly settings: RunSettings
  readonly preparation: Preparation
}

/**
 * Holds a plan against its cluster as it is now. Throws with everything that stands in the way, windows and maintenance
 * included; changes nothing.
 */
export async function prepareExecution(
  context: WriteContext,
  source: PlanSource,
  flags: ExecutionValues,
  { ui, lock }: { readonly ui: Ui; readonly lock: LockWish },
): Promise<PreparedExecution> {
  const { readCluster } = await import('./compose-snapshot.js')
  const { planOfSource } = await import('./read-plan.js')
  const { withMaintenance } = await import('./read-state.js')
  const { refuseWhileHeld } = await import('./lock-choice.js')
  const { scheduleOf } = await import('./execution-window.js')
  checkSha256(source, flags['plan-sha256'])
  const snapshot = await withMaintenance(context, await readCluster(context, ui))
  const plan = planOfSource(source, snapshot, flags['allow-replication-factor-change'])
  checkKind(plan)
  for (const text of await warningsOf(plan, snapshot)) ui.warn(text)
  const place = { context, clusterId: snapshot.cluster.id, wish: lock }
  if (!flags['dry-run']) {
    await refuseWhileHeld(place)
    await refuseKnown(context, plan)
  }
  const lifted = liftedBy(flags)
  // It is the very file that was reviewed, edits and all.
  if (flags['plan-sha256'] !== undefined) lifted.add('accept-edits')
  const { until, guards: others } = await scheduleOf(context, flags)
  const settings = {
    ...runSettings(flags, context.settings, lifted),
    until,
    ...windowChoice(flags),
  }
  const throttleBytesPerSec = settings.autoThrottle?.max ?? settings.throttleBytesPerSec
  const held = { plan, snapshot, flags: lifted, throttleBytesPerSec, others }
  const preparation = await prepareOrRefuse(held)
  for (const text of preparation.warnings) ui.warn(text)
  return { plan, snapshot, settings, preparation }
}

/** Before the cluster is judged: what stands in the way because the plan was begun is explained by that, and by no guard. */
async function refuseKnown(context: WriteContext, plan: Plan): Promise<void> {
  const { withJournalsToRead } = await import('./compose-journal.js')
  const { refuseBegun } = await import('../execution/reassign/execute.js')
  // A topic that cannot be read is told when the journal is opened.
  const warn = (): void => undefined
  await withJournalsToRead(context, { warn }, (store) => refuseBegun(store, plan))
}
