import type { TopicPartition } from '../../../model/topic-partition.js'

/** Partition numbers by topic, as most requests of the protocol want them. */
export function groupByTopic(partitions: readonly TopicPartition[]): [string, number[]][] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of partitions) {
    const known = topics.get(topic)
    if (known === undefined) topics.set(topic, [partition])
    else known.push(partition)
  }
  return [...topics]
}
