import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Plan, Step } from '../../plan/plan.js'

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
  /** Broker that must lead at the end: the first of `to`. */
  readonly leader: number
}

function toMove(step: Step): Move | null {
  if (step.type === 'restart') return null
  const from = step.type === 'reassign' ? step.from : step.replicas
  const to =
    step.type === 'reassign'
      ? step.to
      : [step.to, ...step.replicas.filter((broker) => broker !== step.to)]
  const leader = to[0]
  if (leader === undefined) return null
  return {
    step: step.id,
    key: topicPartitionKey(step.topic, step.partition),
    topic: step.topic,
    ...(step.topicId === undefined ? {} : { topicId: step.topicId }),
    partition: step.partition,
    from,
    to,
    adding: to.filter((broker) => !from.includes(broker)),
    bytesToMove: step.bytesToMove,
    leader,
  }
}

/** The partition steps of a plan, in the order of the plan. A leader step is a reordering with an election. */
export function movesOf(plan: Plan): readonly Move[] {
  return plan.steps.map(toMove).filter((move) => move !== null)
}

/** Whether both lists hold the same brokers in the same order. */
export function sameReplicas(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((broker, index) => broker === b[index])
}
