import { OperatorError } from '../../../errors/operator-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { metadata } from '../protocol/apis/metadata.js'
import { errorName } from '../protocol/error-names.js'
import { whyBlank } from '../reader/map-metadata.js'
import { refusedByKafka } from '../reader/refused-by-kafka.js'

/** Partition numbers of a topic, ascending, each with its leader (null: none at the moment). */
export type TopicLayout = ReadonlyMap<number, number | null>

/** The partitions of a topic; throws an OperatorError when it does not exist or may not be seen. */
export async function readTopicLayout(pool: KafkaPool, topic: string): Promise<TopicLayout> {
  const { response } = await pool.read(metadata, { topics: [{ name: topic }] }, whyBlank)
  const found = response.topics[0]
  if (found === undefined || errorName(found.errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') {
    throw new OperatorError({
      code: 'TOPIC_NOT_FOUND',
      message: `The topic ${topic} does not exist on this cluster (or its user may not see it).`,
      nextSteps: ['Check the name of the topic; "klinic stats collect --create-topic" makes ours.'],
      exit: 'failed',
    })
  }
  if (found.errorCode !== 0) throw refusedByKafka(`describe topic ${topic}`, found.errorCode)
  const partitions = found.partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex)
  return new Map(
    partitions.map(({ partitionIndex, leaderId }) => [
      partitionIndex,
      leaderId < 0 ? null : leaderId,
    ]),
  )
}
