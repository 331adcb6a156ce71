import type { TopicPartition } from '../../../model/topic-partition.js'
import { topicPartitionKey } from '../../../model/topic-partition.js'
import type { OffsetAnswer, OffsetSpec } from '../../../ports/cluster-reader.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { listOffsets, OFFSET_TIMESTAMP } from '../protocol/apis/list-offsets.js'
import { errorName } from '../protocol/error-names.js'
import { askBrokers } from './ask-brokers.js'
import { groupByTopic } from './group-by-topic.js'
import type { LeaderDirectory } from './leader-directory.js'

/** What a moved leader, or one that went away, looks like: worth asking Metadata once more. */
const MOVED = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'KAFKA_STORAGE_ERROR',
  'UNREACHABLE',
  'TIMED_OUT',
])

/**
 * Asks each partition's leader for an offset, in the order of the partitions. When there is no record at or after a
 * time, the offset is -1.
 */
export async function readOffsets(
  pool: KafkaPool,
  directory: LeaderDirectory,
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
): Promise<OffsetAnswer[]> {
  const first = await askLeaders(pool, directory, partitions, spec)
  const moved = first.filter((answer) => !answer.ok && MOVED.has(answer.error))
  directory.forget(moved)
  const again = await askLeaders(pool, directory, moved, spec)
  const answers = new Map([...first, ...again].map((answer) => [keyOf(answer), answer]))
  return partitions.map(
    (partition) => answers.get(keyOf(partition)) ?? failed(partition, 'NO_ANSWER'),
  )
}

async function askLeaders(
  pool: KafkaPool,
  directory: LeaderDirectory,
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
): Promise<OffsetAnswer[]> {
  if (partitions.length === 0) return []
  const leaders = await directory.leadersOf(partitions)
  const answers: OffsetAnswer[] = []
  const byLeader = new Map<number, TopicPartition[]>()
  partitions.forEach((partition, index) => {
    const leader = leaders[index]
    if (leader !== undefined && 'brokerId' in leader) {
      const led = byLeader.get(leader.brokerId)
      if (led === undefined) byLeader.set(leader.brokerId, [partition])
      else led.push(partition)
    } else answers.push(failed(partition, leader?.error ?? 'UNKNOWN_TOPIC_OR_PARTITION'))
  })
  const asked = await askBrokers([...byLeader.keys()], (brokerId) =>
    askLeader(pool, brokerId, byLeader.get(brokerId) ?? [], spec),
  )
  for (const answer of asked) {
    if (answer.ok) answers.push(...answer.value)
    else {
      const led = byLeader.get(answer.brokerId) ?? []
      answers.push(...led.map((partition) => failed(partition, answer.failure.code)))
    }
  }
  return answers
}

async function askLeader(
  pool: KafkaPool,
  brokerId: number,
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
): Promise<OffsetAnswer[]> {
  const timestamp = typeof spec === 'string' ? OFFSET_TIMESTAMP[spec] : spec.timestampMs
  const topics = groupByTopic(partitions).map(([name, indexes]) => ({
    name,
    partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })),
  }))
  const request = { topics, timeoutMs: pool.requestTimeoutMs }
  const response = await pool.request({ brokerId }, listOffsets, request)
  return response.topics.flatMap((topic) =>
    topic.partitions.map((item): OffsetAnswer => {
      const partition = { topic: topic.name, partition: item.partitionIndex }
      if (item.errorCode !== 0) return failed(partition, errorName(item.errorCode))
      return { ...partition, ok: true, offset: item.offset, timestampMs: item.timestamp }
    }),
  )
}

function failed({ topic, partition }: TopicPartition, error: string): OffsetAnswer {
  return { topic, partition, ok: false, error }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return topicPartitionKey(topic, partition)
}
