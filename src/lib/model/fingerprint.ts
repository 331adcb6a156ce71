import { createHash } from 'node:crypto'

import { compareTopicPartitions, type TopicPartition } from './topic-partition.js'

/** What of a partition goes into the fingerprint: its topic's id (empty where unknown) and its ordered replica list. */
export interface PartitionFacts extends TopicPartition {
  readonly topicId?: string
  readonly replicas: readonly number[]
}

/**
 * `sha256:<hex>` over the cluster id and one line for each partition, sorted: topic, topic id, number, replica list.
 * Topic names and ids hold neither tabs nor line feeds, so lines cannot be mistaken for one another.
 */
export function fingerprint(clusterId: string, partitions: readonly PartitionFacts[]): string {
  const hash = createHash('sha256').update(`${JSON.stringify(clusterId)}\n`)
  for (const facts of partitions.toSorted(compareTopicPartitions)) {
    const { topic, topicId, partition, replicas } = facts
    hash.update(`${topic}\t${topicId ?? ''}\t${partition}\t${replicas.join(',')}\n`)
  }
  return `sha256:${hash.digest('hex')}`
}
