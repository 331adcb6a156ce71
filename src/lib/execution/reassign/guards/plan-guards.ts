import type { ExitName } from '../../../errors/exit-codes.js'
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
])

function toGuard(finding: Finding): Guard {
  const { exit, lift } = RULES.get(finding.code) ?? REFUSED
  const skips = finding.partitions ?? [finding.subject]
  return {
    code: finding.code,
    message: finding.message,
    lift,
    exit,
    ...(lift === 'skip-changed' && { skips }),
  }
}

/** The plan against the cluster: cluster id, topic ids, replica lists, live targets. */
export function guardPlan({ plan, snapshot }: GuardInput): readonly Guard[] {
  return validatePlan(plan, snapshot)
    .filter(({ severity }) => severity === 'blocker')
    .map(toGuard)
}
