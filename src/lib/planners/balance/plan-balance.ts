import type { Snapshot } from '../../model/snapshot.js'
import type { Deferred, Finding, JsonValue, PlanDraft } from '../../plan/plan.js'
import { simulateSteps } from '../../plan/simulate.js'
import { summarise } from '../../plan/summarise.js'
import { toDense, type Dense } from '../search/dense.js'
import { solve, type Solution } from '../search/solve.js'
import type { SearchState } from '../search/state.js'
import { formatAmount } from './amounts.js'
import type { BalancePolicy } from './balance-policy.js'
import { draftSteps, netChanges } from './draft-steps.js'
import { explainChange } from './explain-change.js'
import { findBlockers, tellFindings } from './findings.js'
import { frameProblem, type Framed } from './frame-problem.js'
import { explainInfeasible } from './infeasible.js'
import { findMisses, type Miss } from './judge-outcome.js'

/** The policy as the plan records it: only what was asked for, in JSON terms. */
export function recordPolicy(policy: BalancePolicy): Readonly<Record<string, JsonValue>> {
  const { excludeTopics, ...rest } = policy
  return {
    ...rest,
    ...(excludeTopics === undefined ? {} : { excludeTopics: excludeTopics.source }),
  }
}

function refuse(
  snapshot: Snapshot,
  policy: BalancePolicy,
  findings: readonly Finding[],
): PlanDraft {
  return {
    kind: 'balance',
    outcome: 'refused',
    complete: false,
    policy: recordPolicy(policy),
    steps: [],
    deferred: [],
    findings,
    summary: summarise(snapshot, []),
  }
}

function defer(misses: readonly Miss[]): readonly Deferred[] {
  return misses
    .filter((miss) => miss.kind === 'over-limit')
    .map((miss) => {
      const { name } = miss.bounds.resource
      return {
        subject: `broker ${miss.broker}`,
        reason: {
          code: 'OVER_LIMIT',
          text: `${name} stays at ${formatAmount(name, miss.load)}, over the limit of ${formatAmount(name, miss.wanted)}`,
        },
        override: '--limit',
      }
    })
}

const BUDGET_REACHED: Finding = {
  code: 'BUDGET_REACHED',
  severity: 'warning',
  subject: 'budget',
  message:
    'the budget ends before all brokers are inside their bounds; this is the best plan within it',
  nextSteps: ['raise --max-bytes or --max-moves', 'see --curve for what more would buy'],
}

interface Found {
  readonly dense: Dense
  readonly framed: Framed
  readonly solution: Solution
}

/** How often a result that still misses a goal is planned again before it is handed over. */
const ROUNDS = 16
const NEGLIGIBLE = 1e-9

/** Writes an assignment over a search state: replicas that stay keep their slot. */
function adopt(dense: Dense, state: SearchState, from: SearchState): void {
  for (let p = 0; p < dense.source.length; p++) {
    const begin = dense.offset[p] ?? 0
    const end = dense.offset[p + 1] ?? 0
    const wanted = from.replicas.subarray(begin, end)
    const held = dense.replicas.subarray(begin, end)
    const arriving = wanted.filter((b) => !held.includes(b))
    let next = 0
    for (let i = begin; i < end; i++) {
      const b = dense.replicas[i] ?? 0
      state.replicas[i] = wanted.includes(b) ? b : (arriving[next++] ?? b)
    }
    state.leader[p] = from.leader[p] ?? -1
  }
}

/**
 * Plans the result of a plan again, until nothing more is found: where goals cannot be reached a search may still see
 * something better from where it ended. What is handed over is the net effect, and a next run proposes nothing.
 */
function settleResult(snapshot: Snapshot, policy: BalancePolicy, found: Found): void {
  const { dense, solution } = found
  if (solution.work.violation <= NEGLIGIBLE || !solution.withinBudget) return
  for (let round = 0; round < ROUNDS; round++) {
    const changes = netChanges(dense, solution.work.state)
    if (changes.length === 0) return
    const steps = draftSteps(dense, changes, () => NO_REASON)
    const next = toDense(simulateSteps(snapshot, steps))
    const again = solve(frameProblem(next, policy).problem)
    if (netChanges(next, again.work.state).length === 0) return
    adopt(dense, solution.work.state, again.work.state)
  }
}

const NO_REASON = { reason: { code: '', text: '' }, gain: '' }

function draft(snapshot: Snapshot, policy: BalancePolicy, found: Found): PlanDraft {
  const { dense, framed, solution } = found
  const misses = findMisses(dense, framed.bounds, solution.work.state)
  const infeasible = explainInfeasible(dense, solution.work.state, misses)
  const told = tellFindings(dense, misses)
  if (infeasible.length > 0 && solution.withinBudget && !policy.allowPartial)
    return refuse(snapshot, policy, [...infeasible, ...told])
  const steps = draftSteps(dense, netChanges(dense, solution.work.state), (change) =>
    explainChange(dense, framed.bounds, change),
  )
  const partial = infeasible.map((finding) => ({ ...finding, severity: 'warning' as const }))
  const bound = solution.bound
  return {
    kind: 'balance',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: infeasible.length === 0 && solution.withinBudget,
    policy: recordPolicy(policy),
    steps,
    deferred: defer(misses),
    findings: [...(solution.withinBudget ? [] : [BUDGET_REACHED]), ...partial, ...told],
    summary: {
      ...summarise(snapshot, steps),
      ...(bound === null
        ? {}
        : { lowerBoundBytes: Math.max(0, Math.floor(bound - dense.replicas.length)) }),
    },
  }
}

/**
 * Plans a balance: no broker over its limit, then all inside the band around the mean, with as little data moved as can
 * be found. Pure: the same snapshot and policy give the same plan, in whatever order brokers and topics stand. A limit
 * that cannot be kept refuses the plan unless a partial one is asked for; a band that cannot be reached never does.
 */
export function planBalance(snapshot: Snapshot, policy: BalancePolicy): PlanDraft {
  const dense = toDense(snapshot)
  const framed = frameProblem(dense, policy)
  const blockers = findBlockers(dense, policy, framed.problem.target)
  if (blockers.length > 0) return refuse(snapshot, policy, blockers)
  const solution = solve(framed.problem, {
    bytes: policy.maxBytes ?? Infinity,
    moves: policy.maxMoves ?? Infinity,
  })
  const found = { dense, framed, solution }
  if (policy.maxBytes === undefined && policy.maxMoves === undefined)
    settleResult(snapshot, policy, found)
  return draft(snapshot, policy, found)
}
