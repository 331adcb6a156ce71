import type { TopicPartition } from '../../../model/topic-partition.js'
import { topicPartitionKey } from '../../../model/topic-partition.js'
import type { BrokerAnswer } from '../../../ports/cluster-reader.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { DEBUGGING_CONSUMER, listOffsets, OFFSET_TIMESTAMP } from '../protocol/apis/list-offsets.js'
import { askBrokers } from './ask-brokers.js'
import { groupByTopic } from './group-by-topic.js'

/**
 * Where each replica's log ends, by `topic-partition`, as the broker that holds it says: not only the leader answers, and the
 * leader's own end is that of its log, not of what all have. A replica that the broker does not tell of is left out.
 */
export async function readLogEnds(
  pool: KafkaPool,
  partitionsOf: ReadonlyMap<number, readonly TopicPartition[]>,
): Promise<BrokerAnswer<ReadonlyMap<string, number>>[]> {
  const brokers = [...partitionsOf].filter(([, partitions]) => partitions.length > 0)
  return askBrokers(
    brokers.map(([id]) => id),
    async (brokerId) => {
      const topics = groupByTopic(partitionsOf.get(brokerId) ?? []).map(([name, indexes]) => ({
        name,
        partitions: indexes.map((partitionIndex) => ({
          partitionIndex,
          timestamp: OFFSET_TIMESTAMP.latest,
        })),
      }))
      const response = await pool.request({ brokerId }, listOffsets, {
        replicaId: DEBUGGING_CONSUMER,
        topics,
        timeoutMs: pool.requestTimeoutMs,
      })
      return new Map(
        response.topics.flatMap(({ name, partitions }) =>
          partitions
            .filter(({ errorCode, offset }) => errorCode === 0 && offset >= 0)
            .map(({ partitionIndex, offset }) => [topicPartitionKey(name, partitionIndex), offset]),
        ),
      )
    },
  )
}
