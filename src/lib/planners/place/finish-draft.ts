import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Deferred, PartitionStep, PlanDraft, PlanKind } from '../../plan/plan.js'
import { summarise } from '../../plan/summarise.js'

/** What a planner found out. */
export interface Findings {
  readonly kind: PlanKind
  readonly snapshot: Snapshot
  readonly policy: PlanDraft['policy']
  readonly steps: readonly PartitionStep[]
  /** Wanted, and refused by a rule: without `allowPartial` they refuse the whole plan. */
  readonly withoutPlace: readonly Deferred[]
  /** Wanted, but not for this plan to decide: the plan is incomplete, not refused. */
  readonly deferred: readonly Deferred[]
  readonly findings: readonly Finding[]
  readonly allowPartial: boolean
}

function tellWithoutPlace(input: Findings): readonly Finding[] {
  const [first, ...others] = input.withoutPlace
  if (first === undefined) return []
  const more = others.length === 0 ? '' : ` (and ${others.length} more partitions)`
  const lift = first.override === undefined ? [] : [`Lift the rule with ${first.override}.`]
  return [
    {
      code: 'NO_PLACE',
      severity: input.allowPartial ? 'warning' : 'blocker',
      subject: first.subject,
      message: `${first.subject}${more}: ${first.reason.text}`,
      nextSteps: input.allowPartial ? lift : [...lift, 'Plan the rest alone with --allow-partial.'],
      partitions: input.withoutPlace.map(({ subject }) => subject),
    },
  ]
}

const GRAVITY = { blocker: 2, warning: 1, info: 0 } as const

/** Outcome, completeness and summary from what was found: any blocker refuses the plan and leaves no steps. */
export function finishDraft(input: Findings): PlanDraft {
  const findings = [...input.findings, ...tellWithoutPlace(input)].sort(
    (a, b) => GRAVITY[b.severity] - GRAVITY[a.severity],
  )
  const refused = findings.some(({ severity }) => severity === 'blocker')
  const steps = refused ? [] : input.steps
  const deferred = [...input.withoutPlace, ...input.deferred]
  return {
    kind: input.kind,
    outcome: refused ? 'refused' : steps.length === 0 ? 'no-changes' : 'changes',
    complete: !refused && deferred.length === 0,
    policy: input.policy,
    steps,
    deferred,
    findings,
    summary: summarise(input.snapshot, steps),
  }
}
