import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'
import { parseTopicPartition } from '../model/topic-partition.js'
import type { Plan } from '../plan/plan.js'
import type { BalancePolicy } from '../planners/balance/balance-policy.js'
import type { PartitionAnswer } from '../planners/balance/explain-partition.js'
import type { BalanceCurve } from '../report/plan/curve-text.js'
import type { Outcome } from './outcome.js'
import { planOutcome, type PlanOutput } from './plan-outcome.js'

/** Flags of `balance plan` that ask for something other than the whole plan. */
export interface BalanceQuestion extends PlanOutput {
  readonly curve: boolean
}

/** What `balance plan` prints: the plan, the answer about one partition, or the curve. */
export type BalanceResult = Plan | PartitionAnswer | BalanceCurve

/** Answers `--explain TOPIC-PARTITION` of a balance plan. Throws (exit 64) when there is no such partition. */
export async function answerPartition(
  plan: Plan,
  subject: string,
  snapshot: Snapshot,
  policy: BalancePolicy,
): Promise<PartitionAnswer> {
  const about = parseTopicPartition(subject)
  const { explainPartition } = await import('../planners/balance/explain-partition.js')
  const answer = about === null ? null : explainPartition(snapshot, policy, plan, about)
  if (answer !== null) return answer
  throw new OperatorError({
    code: 'UNKNOWN_PARTITION',
    message: `there is no partition ${subject} in this cluster`,
    nextSteps: ['Name it as TOPIC-PARTITION, for example orders-7.'],
    exit: 'usage',
  })
}

async function drawCurve(
  snapshot: Snapshot,
  policy: BalancePolicy,
): Promise<Outcome<BalanceCurve>> {
  const { balanceCurve } = await import('../planners/balance/balance-curve.js')
  const { renderCurve } = await import('../report/plan/curve-text.js')
  const curve = { points: balanceCurve(snapshot, policy) }
  return { json: curve, text: (style) => renderCurve(curve, style) }
}

/** Makes the plan, or the curve (without a file to write, that alone), and answers what was asked about it. */
export async function balanceOutcome(
  snapshot: Snapshot,
  policy: BalancePolicy,
  flags: BalanceQuestion,
): Promise<Outcome<BalanceResult>> {
  if (flags.curve && flags.output === undefined) return drawCurve(snapshot, policy)
  const { planBalance } = await import('../planners/balance/plan-balance.js')
  const { assemblePlan } = await import('../plan/assemble-plan.js')
  const plan = assemblePlan(snapshot, planBalance(snapshot, policy))
  const outcome = await planOutcome(plan, flags, snapshot)
  if (flags.curve) return { ...outcome, ...(await drawCurve(snapshot, policy)) }
  if (flags.explain === undefined) return outcome
  const answer = await answerPartition(plan, flags.explain, snapshot, policy)
  const { renderBrokerAnswers } = await import('../report/plan/answer-text.js')
  const full = flags.full === true
  return {
    ...outcome,
    json: answer,
    text: (style) =>
      [outcome.text(style), answer.summary, renderBrokerAnswers(answer, style, { full })].join(
        '\n',
      ),
  }
}
