import type { Snapshot } from '../../model/snapshot.js'
import type { Finding, JsonValue, PlanDraft } from '../../plan/plan.js'
import { summarise } from '../../plan/summarise.js'
import { toDense } from '../search/dense.js'
import { solve } from '../search/solve.js'
import type { BalancePolicy } from './balance-policy.js'
import { draftSteps, netChanges } from './draft-steps.js'
import { explainChange } from './explain-change.js'
import { frameProblem } from './frame-problem.js'

/** The policy as the plan records it: only what was asked for, in JSON terms. */
export function recordPolicy(policy: BalancePolicy): Readonly<Record<string, JsonValue>> {
  const { excludeTopics, ...rest } = policy
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(excludeTopics === undefined ? {} : { excludeTopics: excludeTopics.source }),
  }
}

/**
 * Plans a balance: no broker over its limit, then all inside the band around the mean, with as little data moved as can
 * be found. Pure: the same snapshot and policy give the same plan, in whatever order brokers and topics stand.
 */
export function planBalance(snapshot: Snapshot, policy: BalancePolicy): PlanDraft {
  const dense = toDense(snapshot)
  const { problem, bounds } = frameProblem(dense, policy)
  const { work, bound } = solve(problem)
  const changes = netChanges(dense, work.state)
  const steps = draftSteps(dense, changes, (change) => explainChange(dense, bounds, change))
  const findings: Finding[] = []
  const replicas = dense.replicas.length
  return {
    kind: 'balance',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: true,
    policy: recordPolicy(policy),
    steps,
    deferred: [],
    findings,
    summary: {
      ...summarise(snapshot, steps),
      ...(bound === null ? {} : { lowerBoundBytes: Math.max(0, Math.floor(bound - replicas)) }),
    },
  }
}
