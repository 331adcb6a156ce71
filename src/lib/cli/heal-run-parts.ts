import type { AlertDeps } from '../execution/alerts/raise-alerts.js'
import type { ExecutionEvent } from '../execution/reassign/events.js'
import type { LiftingFlag } from '../execution/reassign/guards/guard.js'
import type { StateStore } from '../ports/coordination.js'
import type { LockWish } from './lock-choice.js'
import type { HealPlanFlags } from './make-heal-plan.js'
import type { PaceValues } from './reassign-flags.js'
import type { SnapshotTools } from './compose-snapshot.js'
import type { WriteContext } from './write-context.js'

/** Values of the flags of `heal run`. */
export type HealRunFlags = HealPlanFlags &
  PaceValues &
  Readonly<Partial<Record<LiftingFlag, boolean>>> & {
    readonly 'require-audit'?: boolean | undefined
  }

/** What a heal run is made of. */
export interface HealRunParts {
  readonly context: WriteContext
  readonly clusterId: string
  readonly flags: HealRunFlags
  readonly tools: SnapshotTools
  readonly state: StateStore
  readonly alerts: AlertDeps
  readonly lock: LockWish
  /** Who holds the lock over all hosts. */
  readonly holder: () => Promise<string | null>
  readonly onEvent: (event: ExecutionEvent) => void
}
