import type { ExitName } from '../../../errors/exit-codes.js'
import { checkPartialView } from '../../../health/checks/visibility.js'
import { viewHealth } from '../../../health/health-view.js'
import type { Finding } from '../../../model/finding.js'
import { validatePlan } from '../../../plan/validate-plan.js'
import type { Guard, GuardInput, LiftingFlag } from './guard.js'

interface Rule {
  readonly exit: ExitName
  readonly lift: LiftingFlag | null
}

const CHANGED: Rule = { exit: 'stale', lift: 'skip-changed' }
const REFUSED: Rule = { exit: 'refused', lift: null }

/** What the findings of `validatePlan` mean to an execution. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ['OTHER_CLUSTER', { exit: 'stale', lift: null }],
  ['TOPIC_GONE', CHANGED],
  ['TOPIC_RECREATED', CHANGED],
  ['PARTITION_GONE', CHANGED],
  ['REPLICAS_CHANGED', CHANGED],
  ['IN_FLIGHT', { exit: 'tryLater', lift: 'skip-changed' }],
  ['TARGET_NOT_ALIVE', REFUSED],
  ['NO_LIVE_SOURCE', REFUSED],
  ['PLAN_EDITED', { exit: 'stale', lift: 'accept-edits' }],
])

/** What a principal that may not see everything would see too. */
const MAYBE_HIDDEN = ['TOPIC_GONE', 'PARTITION_GONE']

function toGuard(finding: Finding, isPartial: boolean): Guard {
  const { exit, lift } = RULES.get(finding.code) ?? REFUSED
  const skips = finding.partitions ?? [finding.subject]
  return {
    code: finding.code,
    message:
      isPartial && MAYBE_HIDDEN.includes(finding.code)
        ? `${finding.message}, or this principal may not see it`
        : finding.message,
    lift,
    exit,
    ...(lift === 'skip-changed' && { skips }),
  }
}

/** The plan against the cluster: cluster id, topic ids, replica lists, live targets. */
export function guardPlan({ plan, snapshot }: GuardInput): readonly Guard[] {
  const isPartial = checkPartialView(viewHealth(snapshot)).length > 0
  return validatePlan(plan, snapshot)
    .filter(({ severity }) => severity === 'blocker')
    .map((finding) => toGuard(finding, isPartial))
}
