import type { ExitName } from '../errors/exit-codes.js'
import type { AlertCause, RaisedAlert } from '../model/alert.js'
import type { ExecutionReport } from './execution-report.js'
import type { PlanSummary } from './plan.js'

/**
 * What one `heal run` came to. `healthy`: nothing to do; `healed`: a plan was carried out; `not-confident`: people were
 * told and nothing was changed; the others say what is waited for.
 */
export type HealRunOutcome =
  | 'healthy'
  | 'healed'
  | 'incomplete'
  | 'not-confident'
  | 'too-early'
  | 'cooldown'
  | 'outside-window'
  | 'maintenance'
  | 'locked'

/** The result document of `heal run`. */
export interface HealRunReport {
  readonly clusterId: string
  readonly outcome: HealRunOutcome
  readonly exit: ExitName
  /** One sentence. */
  readonly message: string
  /** The plan that was made, where there was something to plan. */
  readonly plan:
    | ({ readonly id: string; readonly file: string | null } & Pick<
        PlanSummary,
        'replicaMoves' | 'bytesToMove'
      >)
    | null
  /** An execution of an earlier run that was broken off and taken up. */
  readonly resumed: ExecutionReport | null
  readonly execution: ExecutionReport | null
  /** Everything that people have to know and that holds at the end of the run. */
  readonly causes: readonly AlertCause[]
  /** What was told in this run. */
  readonly alerts: readonly RaisedAlert[]
}
