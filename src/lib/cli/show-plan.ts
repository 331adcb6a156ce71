import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import type { PartitionAnswer } from '../planners/balance/explain-partition.js'
import { explainPartition } from '../report/plan/explain-text.js'
import { renderPlanMarkdown } from '../report/plan/plan-markdown.js'
import { renderPlan } from '../report/plan/plan-text.js'
import type { Outcome } from './outcome.js'

/** Result of `plan show`: the plan, or with `--explain` and a snapshot the answer about one partition. */
export type ShownPlan = Plan | PartitionAnswer

/** Flags of `plan show`. */
export interface ShowFlags {
  readonly explain?: string | undefined
  readonly full: boolean
  readonly format: string
}

async function explain(
  plan: Plan,
  snapshot: Snapshot | null,
  subject: string,
  full: boolean,
): Promise<Outcome<ShownPlan>> {
  const { recordedPolicy } = await import('./recorded-policy.js')
  const policy = recordedPolicy(plan)
  if (snapshot === null || policy === null) {
    return { json: plan, text: (style) => explainPartition(plan, subject, snapshot, style) }
  }
  const { answerPartition } = await import('./balance-answers.js')
  const { renderBrokerAnswers } = await import('../report/plan/answer-text.js')
  const answer = await answerPartition(plan, subject, snapshot, policy)
  return {
    json: answer,
    text: (style) =>
      [
        explainPartition(plan, subject, snapshot, style),
        answer.summary,
        renderBrokerAnswers(answer, style, { full }),
      ].join('\n'),
  }
}

/** The plan as text or markdown, or the explanation of one of its partitions. */
export async function showPlan(
  plan: Plan,
  snapshot: Snapshot | null,
  flags: ShowFlags,
): Promise<Outcome<ShownPlan>> {
  const { full, format } = flags
  if (flags.explain !== undefined) return explain(plan, snapshot, flags.explain, full)
  const nowMs = Date.now()
  return {
    json: plan,
    text: (style) =>
      format === 'markdown'
        ? renderPlanMarkdown(plan, { full })
        : renderPlan(plan, style, { full, nowMs }),
  }
}
