import { targetReplicas } from '../../model/broker-load.js'
import { indexPartitions } from '../../model/find-partition.js'
import type { Partition, Snapshot } from '../../model/snapshot.js'
import { topicPartitionKey, type TopicPartition } from '../../model/topic-partition.js'
import { judgePlacement } from '../../placement/judge-placement.js'
import type { Candidate, PlacementContext } from '../../placement/placement-rule.js'
import type { PartitionStep, Reason } from '../../plan/plan.js'
import { partitionSteps } from '../../plan/step-lists.js'
import { formatBytes } from '../../units/format-quantity.js'
import { toDense } from '../search/dense.js'
import { formatAmount } from './amounts.js'
import type { BalancePolicy } from './balance-policy.js'
import { frameProblem } from './frame-problem.js'
import { placementContext } from './placement-context.js'

/** Why one broker does not take a replica: the rules in the way, or what it would cost and not gain. */
export interface BrokerAnswer {
  readonly broker: number
  readonly reasons: readonly (Reason & { readonly flag?: string })[]
}

/** Why a partition moves or stays, and for every broker without a replica why it is not that one. */
export interface PartitionAnswer {
  readonly subject: string
  readonly replicas: readonly number[]
  /** The step of the plan that changes it, if there is one. */
  readonly step: PartitionStep | null
  readonly summary: string
  readonly brokers: readonly BrokerAnswer[]
}

interface Question {
  readonly snapshot: Snapshot
  readonly policy: BalancePolicy
  readonly context: PlacementContext
  readonly partition: Partition
  readonly about: TopicPartition
  readonly list: readonly number[]
}

function candidateFor(question: Question, leaving: number | null, to: number): Candidate {
  const { partition, about, list } = question
  const bytesIn = partition.bytesInPerSec ?? 0
  const leads = leaving !== null && leaving === list[0]
  return {
    ...about,
    replicas: list,
    leaving,
    to,
    bytesInPerSec: bytesIn,
    sizeBytes: partition.sizeBytes ?? 0,
    bytesOutPerSec: leads ? (partition.bytesOutPerSec ?? 0) + (list.length - 1) * bytesIn : 0,
  }
}

/** The refusals of the replica that comes closest to being allowed: with the fewest rules in the way. */
function fewestRefusals(question: Question, to: number) {
  return question.list
    .map((leaving) => judgePlacement(candidateFor(question, leaving, to), question.context))
    .reduce((best, found) => (found.length < best.length ? found : best))
}

function answerFor(question: Question, to: number): BrokerAnswer {
  const refusals = fewestRefusals(question, to)
  if (refusals.length > 0)
    return {
      broker: to,
      reasons: refusals.map(({ code, text, flag }) => ({
        code,
        text,
        ...(flag === undefined ? {} : { flag }),
      })),
    }
  const size = formatBytes(question.partition.sizeBytes ?? 0)
  return {
    broker: to,
    reasons: [
      {
        code: 'NO_GAIN',
        text: `allowed, but it would copy ${size} more and bring no broker nearer to its bounds than the plan does`,
      },
    ],
  }
}

function standing(question: Question): string {
  const { problem, bounds } = frameProblem(toDense(question.snapshot), question.policy)
  const outside = question.list.flatMap((id) => {
    const b = problem.dense.brokerIndex.get(id) ?? -1
    return bounds
      .filter((entry) => entry.wanted)
      .flatMap(({ resource, before }) => {
        const load = before[b] ?? 0
        const over = load > (resource.high[b] ?? Infinity)
        const under = load < (resource.low[b] ?? -Infinity)
        if (!over && !under) return []
        const side = over ? 'above' : 'below'
        return [
          `broker ${id} is ${side} its bounds in ${resource.name} (${formatAmount(resource.name, load)})`,
        ]
      })
  })
  if (outside.length === 0) return 'all its brokers are inside their bounds'
  return `${outside.join('; ')}; other changes mend that at less cost`
}

/**
 * Why a partition moves, or why nothing better was found, and why not to each other broker: rules with their figures and
 * the flags that lift them. Null when the snapshot has no such partition.
 */
export function explainPartition(
  snapshot: Snapshot,
  policy: BalancePolicy,
  plan:
    | { readonly steps: readonly PartitionStep[] }
    | { readonly steps: Parameters<typeof partitionSteps>[0] },
  about: TopicPartition,
): PartitionAnswer | null {
  const subject = topicPartitionKey(about.topic, about.partition)
  const partition = indexPartitions(snapshot, new Set([subject])).get(subject)?.partition
  if (partition === undefined) return null
  const steps = partitionSteps(plan.steps)
  const step =
    steps.find(({ topic, partition: id }) => topic === about.topic && id === about.partition) ??
    null
  const others = steps.filter((other) => other !== step)
  const list = targetReplicas(partition)
  const context = placementContext(snapshot, policy, others)
  const question: Question = { snapshot, policy, context, partition, about, list }
  const chosen = step?.type === 'reassign' ? step.to : list
  return {
    subject,
    replicas: partition.replicas,
    step,
    summary:
      step === null
        ? `${subject} stays on ${list.join(', ')}: ${standing(question)}`
        : `${subject}: ${step.reason.text}${step.gain === undefined ? '' : ` (${step.gain})`}`,
    brokers: snapshot.brokers
      .map((broker) => broker.id)
      .filter((id) => !list.includes(id) && !chosen.includes(id))
      .sort((a, b) => a - b)
      .map((id) => answerFor(question, id)),
  }
}
