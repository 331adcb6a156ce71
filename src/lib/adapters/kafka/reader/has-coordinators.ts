import type { KafkaPool } from '../pool/kafka-pool.js'
import { metadata } from '../protocol/apis/metadata.js'
import { errorName } from '../protocol/error-names.js'
import { whyBlank } from './map-metadata.js'

const OFFSETS_TOPIC = '__consumer_offsets'

/** Whether groups have coordinators. Asking for one makes Kafka create its offsets topic, where nobody used a group before. */
export async function hasCoordinators(pool: Pick<KafkaPool, 'read'>): Promise<boolean> {
  const { response } = await pool.read(metadata, { topics: [{ name: OFFSETS_TOPIC }] }, whyBlank)
  // One that may not be seen is there.
  const isAbsent = ({ errorCode }: { readonly errorCode: number }): boolean =>
    errorName(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION'
  return !response.topics.every(isAbsent)
}
