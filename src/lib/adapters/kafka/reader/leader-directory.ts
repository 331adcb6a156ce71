import type { TopicPartition } from '../../../model/topic-partition.js'
import { topicPartitionKey } from '../../../model/topic-partition.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import type { MetadataTopic } from '../protocol/apis/metadata.js'
import { metadata } from '../protocol/apis/metadata.js'
import { errorName } from '../protocol/error-names.js'
import { whyBlank } from './map-metadata.js'

/** Who leads a partition, or Kafka's error name for why nobody does. */
export type Leader = { readonly brokerId: number } | { readonly error: string }

/** Remembers the leaders of partitions; what it does not know, or was told to forget, it asks Metadata for. */
export class LeaderDirectory {
  private readonly pool: KafkaPool
  private readonly leaders = new Map<string, Leader>()

  constructor(pool: KafkaPool) {
    this.pool = pool
  }

  /** The leader of each partition, in their order. Throws an OperatorError when no broker answers. */
  async leadersOf(partitions: readonly TopicPartition[]): Promise<Leader[]> {
    const unknown = partitions.filter((partition) => !this.leaders.has(keyOf(partition)))
    const names = [...new Set(unknown.map(({ topic }) => topic))]
    if (names.length > 0) {
      const topics = names.map((name) => ({ name }))
      const { response } = await this.pool.read(metadata, { topics }, whyBlank)
      for (const topic of response.topics) this.learn(topic)
    }
    return partitions.map((partition) => {
      const leader = this.leaders.get(keyOf(partition))
      return leader ?? { error: 'UNKNOWN_TOPIC_OR_PARTITION' }
    })
  }

  /** Takes what Metadata says of a topic. A partition without a leader is asked for again the next time. */
  private learn(topic: MetadataTopic): void {
    for (const partition of topic.partitions) {
      const key = topicPartitionKey(topic.name ?? '', partition.partitionIndex)
      if (partition.leaderId >= 0) this.leaders.set(key, { brokerId: partition.leaderId })
      else this.leaders.set(key, { error: errorName(partition.errorCode || LEADER_NOT_AVAILABLE) })
    }
  }

  /** Makes the next question about these partitions go to the cluster. */
  forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.leaders.delete(keyOf(partition))
  }
}

const LEADER_NOT_AVAILABLE = 5

function keyOf({ topic, partition }: TopicPartition): string {
  return topicPartitionKey(topic, partition)
}
