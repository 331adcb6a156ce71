import type { OperatorError } from '../../errors/operator-error.js'
import type { AlertCause, RaisedAlert } from '../../model/alert.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { HealRunReport } from '../../plan/heal-run-report.js'
import type { Plan } from '../../plan/plan.js'
import type { HealJudgement, HealLook } from './judge-heal.js'

/** The report of a run, but for the cluster. */
export type HealRunResult = Omit<HealRunReport, 'clusterId'>

const EXITS = {
  healthy: 'done',
  'not-confident': 'refused',
  'too-early': 'tryLater',
  cooldown: 'tryLater',
  'outside-window': 'tryLater',
  maintenance: 'tryLater',
} as const

type Judged = HealJudgement & { readonly look: HealLook }

/** A run in which nothing was carried out. */
export function describeEnd(judged: Judged, alerts: readonly RaisedAlert[]): HealRunResult {
  const { next, message, causes, look } = judged
  const outcome = next === 'heal' ? 'not-confident' : next
  return {
    outcome,
    exit: EXITS[outcome],
    message,
    plan: look.plan.steps.length === 0 ? null : describePlan(look.plan, null),
    resumed: null,
    execution: null,
    causes: causes ?? [],
    alerts,
  }
}

/** A run that had a plan, which a guard forbids. */
export function describeRefusal(
  { message, exit }: OperatorError,
  end: HealRunResult,
  cause: AlertCause,
): HealRunResult {
  return { ...end, message, exit, causes: [...end.causes, cause] }
}

/** A run that left at once. */
export function describeLocked(lockedBy: string): HealRunResult {
  return {
    outcome: 'locked',
    exit: 'tryLater',
    message: lockedBy,
    plan: null,
    resumed: null,
    execution: null,
    causes: [],
    alerts: [],
  }
}

/** A run that carried something out, whole or not. */
export function describeExecution(
  { causes }: Judged,
  done: {
    readonly execution: ExecutionReport | null
    readonly resumed: ExecutionReport | null
    readonly plan?: Plan
    readonly file?: string
    readonly alerts: readonly RaisedAlert[]
  },
  more: readonly AlertCause[],
): HealRunResult {
  const { execution, resumed, plan, file = null, alerts } = done
  const report = execution ?? resumed
  const exit = report?.exit ?? 'failed'
  return {
    outcome: exit === 'done' ? 'healed' : 'incomplete',
    exit,
    message: describeReport(report),
    plan: plan === undefined ? null : describePlan(plan, file),
    resumed,
    execution,
    causes: [...(causes ?? []), ...more],
    alerts,
  }
}

/** How an execution ended, as a sentence. */
export const describeReport = (report: ExecutionReport | null): string =>
  report === null ? 'nothing was carried out' : `plan ${report.planId}: ${report.message}`

const describePlan = (
  { id, summary: { replicaMoves, bytesToMove } }: Plan,
  file: string | null,
): HealRunReport['plan'] => ({ id, file, replicaMoves, bytesToMove })
