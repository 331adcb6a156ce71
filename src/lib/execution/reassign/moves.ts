import { topicPartitionKey } from '../../model/topic-partition.js'
import type { PartitionStep, Plan } from '../../plan/plan.js'
import { leaderAfter, listAfter, listBefore, newReplicas, stepsOf } from '../../plan/step-lists.js'

/** A step of a plan as the executor sees it: one partition, from one ordered replica list to another. */
export interface Move {
  readonly step: number
  /** `topic-partition`, the key of all maps in this room. */
  readonly key: string
  readonly topic: string
  readonly topicId?: string
  readonly partition: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Brokers of `to` that have no replica yet. */
  readonly adding: readonly number[]
  /** The plan's figure: size on disk times new replicas. */
  readonly bytesToMove: number
  /** Broker that must lead at the end: the first of `to`, unless the step says that another one goes on leading. */
  readonly leader: number
  readonly changesReplicationFactor: boolean
}

function toMove(step: PartitionStep): Move | null {
  const to = listAfter(step)
  const leader = leaderAfter(step)
  if (leader === undefined) return null
  const { topic, topicId, partition } = step
  return {
    step: step.id,
    key: topicPartitionKey(topic, partition),
    topic,
    ...(topicId === undefined ? {} : { topicId }),
    partition,
    from: listBefore(step),
    to,
    adding: newReplicas(step),
    bytesToMove: step.bytesToMove,
    leader,
    changesReplicationFactor: step.type === 'reassign' && step.from.length !== step.to.length,
  }
}

/** Whether the leader comes by a preferred election; one that is not the first of its list stays, and cannot be elected. */
export const isElected = ({ leader, to }: Move): boolean => leader === to[0]

/** The partition steps of a plan, in the order of the plan. A leader step is a reordering with an election. */
export function movesOf(plan: Plan): readonly Move[] {
  return stepsOf(plan)
    .map(toMove)
    .filter((move) => move !== null)
}
