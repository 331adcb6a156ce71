import type { Finding } from '../model/finding.js'
import { compareTopicPartitions, topicPartitionKey } from '../model/topic-partition.js'
import { fingerprintOfSteps, sealPlan } from './assemble-plan.js'
import type { BrokerChange, PartitionStep, Plan, PlanSummary } from './plan.js'
import { leaderFindings, leaderToRestore, undoSteps, type Journey } from './rollback-steps.js'
import { leaderAfter, listAfter, listBefore, newReplicas, sameList, stepsOf } from './step-lists.js'

/** Who led each partition before, as `topic-partition`; null for nobody. */
export type LeadersBefore = ReadonlyMap<string, number | null>

function journeys(plan: Plan, leaders: LeadersBefore): readonly Journey[] {
  const byPartition = new Map<string, Journey>()
  for (const step of stepsOf(plan)) {
    const key = topicPartitionKey(step.topic, step.partition)
    const earlier = byPartition.get(key)
    const added = newReplicas(step).length
    const size = added === 0 ? 0 : step.bytesToMove / added
    byPartition.set(key, {
      key,
      step,
      from: earlier?.from ?? listBefore(step),
      to: listAfter(step),
      ledBy: earlier === undefined ? leaderBefore(step, leaders.get(key)) : earlier.ledBy,
      ledThen: leaderAfter(step) ?? -1,
      bytesOfReplica: Math.max(size, earlier?.bytesOfReplica ?? 0),
    })
  }
  return [...byPartition.values()].toSorted((a, b) => compareTopicPartitions(a.step, b.step))
}

/** What was recorded, or what a leader step of the plan expected to find. */
function leaderBefore(
  step: PartitionStep,
  recorded: number | null | undefined,
): number | null | undefined {
  if (recorded !== undefined) return recorded
  return step.type === 'leader' ? step.from : undefined
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

function summariseUndo(
  plan: Plan,
  undone: readonly Journey[],
  steps: readonly PartitionStep[],
): PlanSummary {
  const { balance, brokers } = plan.summary
  return {
    replicaMoves: steps.reduce((sum, step) => sum + newReplicas(step).length, 0),
    leaderMoves: undone.filter((one) => leaderToRestore(one) !== one.ledThen).length,
    bytesToMove: steps.reduce((sum, step) => sum + step.bytesToMove, 0),
    ...(balance !== undefined && {
      balance: balance.map((line) => ({
        resource: line.resource,
        maxOverMeanBefore: line.maxOverMeanAfter,
        maxOverMeanAfter: line.maxOverMeanBefore,
      })),
    }),
    brokers: brokers.map(turnAround),
  }
}

const isToUndo = (journey: Journey): boolean =>
  !sameList(journey.from, journey.to) || leaderToRestore(journey) !== journey.ledThen

/**
 * The plan that submits the original replica lists again (never null to Kafka: that may lose order, or the only copy) and
 * brings back who led, by `leaders` where they are known. A partition whose leader was not the first of its list takes two
 * steps; findings name leaders that do not come back. A replica that the plan dropped without adding another has a size that
 * the plan does not know: it counts as 0 bytes.
 */
export function rollbackOf(plan: Plan, leaders: LeadersBefore = new Map()): Plan {
  const all = journeys(plan, leaders)
  const undone = all.filter(isToUndo)
  const steps = undone
    .flatMap((journey) => undoSteps(journey, plan.id))
    .map((step, index) => ({ ...step, id: index + 1 }))
  const findings: readonly Finding[] = leaderFindings(all, undone)
  const { format, createdAt, cluster, traffic } = plan
  return sealPlan({
    format,
    kind: 'rollback',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: !findings.some(({ code }) => code === 'LEADER_NOT_RESTORED'),
    createdAt,
    cluster: { ...cluster, fingerprint: fingerprintOfSteps(cluster.id, steps) },
    ...(traffic === undefined ? {} : { traffic }),
    policy: { undoes: plan.id },
    steps,
    deferred: [],
    findings,
    summary: summariseUndo(plan, undone, steps),
  })
}
