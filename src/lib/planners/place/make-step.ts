import type { Partition, Topic } from '../../model/snapshot.js'
import type { PartitionStep, Reason } from '../../plan/plan.js'
import { sameList } from '../../plan/step-lists.js'

/** What a step is made of. */
export interface StepParts {
  readonly id: number
  readonly topic: Topic
  readonly partition: Partition
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly reason: Reason
  readonly gain?: string
}

const movedToFront = (list: readonly number[], id: number): readonly number[] => [
  id,
  ...list.filter((other) => other !== id),
]

/** A step for a changed list; a leader step where one member merely moves to the front. Null when nothing changes. */
export function makeStep(parts: StepParts): PartitionStep | null {
  const { id, topic, partition, from, to, reason, gain } = parts
  const first = to[0]
  if (first === undefined || (sameList(from, to) && partition.leader === first)) return null
  const common = {
    topic: topic.name,
    ...(topic.topicId === undefined ? {} : { topicId: topic.topicId }),
    partition: partition.id,
  }
  const why = { reason, ...(gain === undefined ? {} : { gain }) }
  if (from.includes(first) && sameList(movedToFront(from, first), to)) {
    return {
      id,
      type: 'leader',
      ...common,
      replicas: from,
      from: partition.leader,
      to: first,
      bytesToMove: 0,
      ...why,
    }
  }
  const added = to.filter((replica) => !from.includes(replica))
  return {
    id,
    type: 'reassign',
    ...common,
    from,
    to,
    bytesToMove: Math.round((partition.sizeBytes ?? 0) * added.length),
    ...(from.length === to.length ? {} : { changesReplicationFactor: true }),
    ...why,
  }
}
