import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Plan } from '../../plan/plan.js'
import { renderFindings } from '../status/findings-text.js'
import type { Style } from '../style.js'
import { count, formatTime } from './words.js'

/** Result of `plan validate`. */
export interface PlanValidity {
  readonly plan: string
  readonly cluster: string
  /** The moment of the cluster that it was checked against. */
  readonly checkedAgainst: string
  /** No blockers: the plan may be executed. */
  readonly valid: boolean
  readonly steps: number
  readonly findings: readonly Finding[]
}

/** The verdict over what was found; a plan that was refused when it was made is never valid. */
export function describeValidity(
  plan: Plan,
  snapshot: Snapshot,
  findings: readonly Finding[],
): PlanValidity {
  return {
    plan: plan.id,
    cluster: snapshot.cluster.id,
    checkedAgainst: snapshot.capturedAt,
    valid: findings.every(({ severity }) => severity !== 'blocker'),
    steps: plan.steps.length,
    findings,
  }
}

/** Verdict first, then each finding. */
export function renderValidity(
  validity: PlanValidity,
  style: Style,
  options: { readonly full: boolean },
): string {
  const { plan, steps, findings, checkedAgainst } = validity
  const verdict = validity.valid
    ? style.green('fits the cluster')
    : style.red('does not fit the cluster')
  const line = `${style.bold(`Plan ${plan}`)} (${count(steps, 'step')}) ${verdict} as of ${formatTime(checkedAgainst)}. Nothing was changed.`
  return findings.length === 0 ? line : `${line}\n\n${renderFindings(findings, style, options)}`
}
