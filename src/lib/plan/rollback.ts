import { compareTopicPartitions, topicPartitionKey } from '../model/topic-partition.js'
import { fingerprintOfSteps, sealPlan } from './assemble-plan.js'
import type { BrokerChange, PartitionStep, Plan, PlanSummary, ReassignStep } from './plan.js'
import { listAfter, listBefore, newReplicas, sameList, stepsOf } from './step-lists.js'

interface Journey {
  readonly step: PartitionStep
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly bytesOfReplica: number
}

function journeys(plan: Plan): readonly Journey[] {
  const byPartition = new Map<string, Journey>()
  for (const step of stepsOf(plan)) {
    const key = topicPartitionKey(step.topic, step.partition)
    const earlier = byPartition.get(key)
    const added = newReplicas(step).length
    const size = added === 0 ? 0 : step.bytesToMove / added
    byPartition.set(key, {
      step,
      from: earlier?.from ?? listBefore(step),
      to: listAfter(step),
      bytesOfReplica: Math.max(size, earlier?.bytesOfReplica ?? 0),
    })
  }
  return [...byPartition.values()].filter(({ from, to }) => !sameList(from, to))
}

function undo(
  { step, from, to, bytesOfReplica }: Journey,
  id: number,
  planId: string,
): ReassignStep {
  const missing = from.filter((replica) => !to.includes(replica))
  return {
    id,
    type: 'reassign',
    topic: step.topic,
    ...(step.topicId === undefined ? {} : { topicId: step.topicId }),
    partition: step.partition,
    from: to,
    to: from,
    bytesToMove: bytesOfReplica * missing.length,
    ...(from.length === to.length ? {} : { changesReplicationFactor: true }),
    reason: { code: 'ROLLBACK', text: `undoes ${planId}: the replica list as it was before` },
  }
}

function turnAround({ id, rack, state, capacity, before, after }: BrokerChange): BrokerChange {
  return {
    id,
    ...(rack === undefined ? {} : { rack }),
    ...(state === undefined ? {} : { state }),
    ...(capacity === undefined ? {} : { capacity }),
    before: after,
    after: before,
  }
}

function summariseUndo(plan: Plan, steps: readonly ReassignStep[]): PlanSummary {
  return {
    replicaMoves: steps.reduce((sum, step) => sum + newReplicas(step).length, 0),
    leaderMoves: steps.filter((step) => step.from[0] !== step.to[0]).length,
    bytesToMove: steps.reduce((sum, step) => sum + step.bytesToMove, 0),
    ...(plan.summary.balance === undefined
      ? {}
      : {
          balance: plan.summary.balance.map((line) => ({
            resource: line.resource,
            maxOverMeanBefore: line.maxOverMeanAfter,
            maxOverMeanAfter: line.maxOverMeanBefore,
          })),
        }),
    brokers: plan.summary.brokers.map(turnAround),
  }
}

/**
 * The plan that submits the original replica lists again, one step a partition (never null to Kafka: that may lose
 * order, or the only copy). A replica that the plan dropped without adding another has a size that the plan does not
 * know: it counts as 0 bytes. Mere elections leave no trace in the lists and are not undone.
 */
export function rollbackOf(plan: Plan): Plan {
  const steps = journeys(plan)
    .toSorted((a, b) => compareTopicPartitions(a.step, b.step))
    .map((journey, index) => undo(journey, index + 1, plan.id))
  const { format, createdAt, cluster, traffic } = plan
  return sealPlan({
    format,
    kind: 'rollback',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: true,
    createdAt,
    cluster: { ...cluster, fingerprint: fingerprintOfSteps(cluster.id, steps) },
    ...(traffic === undefined ? {} : { traffic }),
    policy: { undoes: plan.id },
    steps,
    deferred: [],
    findings: [],
    summary: summariseUndo(plan, steps),
  })
}
