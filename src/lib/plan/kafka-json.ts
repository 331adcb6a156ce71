import {
  compareTopicPartitions,
  topicPartitionKey,
  type TopicPartition,
} from '../model/topic-partition.js'
import type { Plan } from './plan.js'
import { listAfter, listBefore, stepsOf } from './step-lists.js'

/** A wanted replica list of one partition. */
export interface WantedList extends TopicPartition {
  readonly replicas: readonly number[]
}

/** Kafka's reassignment JSON, version 1, sorted: one partition a line, accepted by Kafka's own command. */
export function toKafkaJson(lists: readonly WantedList[]): string {
  const lines = lists
    .toSorted(compareTopicPartitions)
    .map(({ topic, partition, replicas }) =>
      JSON.stringify({ topic, partition, replicas, log_dirs: replicas.map(() => 'any') }),
    )
  const partitions = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`
  return `{"version":1,"partitions":${partitions}}\n`
}

/** The lists that a plan ends with (`target`), or those that it found (`original`): the way back. */
export function wantedLists(plan: Plan, which: 'target' | 'original'): readonly WantedList[] {
  const lists = new Map<string, WantedList>()
  for (const step of stepsOf(plan)) {
    const key = topicPartitionKey(step.topic, step.partition)
    if (which === 'original' && lists.has(key)) continue
    const replicas = which === 'target' ? listAfter(step) : listBefore(step)
    lists.set(key, { topic: step.topic, partition: step.partition, replicas })
  }
  return [...lists.values()]
}
