import type { Reader, Wire } from './wire.js'
import { Writer } from './wire.js'

const METADATA = { key: 3, version: 2, name: 'Metadata' }

/** What one broker believes about the cluster. */
export interface Metadata {
  readonly brokers: readonly { id: number; host: string; port: number }[]
  readonly clusterId: string
  readonly controllerId: number
  readonly partitions: readonly PartitionState[]
}

/** One partition in an answer to Metadata. */
export interface PartitionState {
  readonly topic: string
  readonly partition: number
  readonly error: number
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

/** Metadata v2; no topics unless named. Leaderless partitions are data here, not an exception. */
export async function fetchMetadata(wire: Wire, topics: readonly string[]): Promise<Metadata> {
  const body = new Writer()
  body.array(topics, (topic) => body.string(topic))
  const answer = await wire.request(METADATA, body.result())
  const brokers = answer.array(() => {
    const broker = { id: answer.int32(), host: answer.string() ?? '', port: answer.int32() }
    answer.string()
    return broker
  })
  const ids = { clusterId: answer.string() ?? '', controllerId: answer.int32() }
  return { brokers, ...ids, partitions: answer.array(() => readTopic(answer)).flat() }
}

function readTopic(answer: Reader): PartitionState[] {
  const topicError = answer.int16()
  const topic = answer.string() ?? ''
  answer.int8()
  const partitions = answer.array(() => {
    const error = answer.int16()
    return {
      topic,
      error,
      partition: answer.int32(),
      leader: answer.int32(),
      replicas: answer.array(() => answer.int32()),
      isr: answer.array(() => answer.int32()),
    }
  })
  if (partitions.length > 0 || topicError === 0) return partitions
  return [{ topic, error: topicError, partition: -1, leader: -1, replicas: [], isr: [] }]
}
