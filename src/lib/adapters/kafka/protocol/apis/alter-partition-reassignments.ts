import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** AlterPartitionReassignments request (KIP-455). `replicas` null reverts a reassignment in flight. */
export interface AlterPartitionReassignmentsRequest {
  readonly timeoutMs: number
  /** Sent from version 1 on (KIP-860); older brokers always allow it. */
  readonly allowReplicationFactorChange: boolean
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly {
      readonly partitionIndex: number
      readonly replicas: readonly number[] | null
    }[]
  }[]
}

/** Outcome of one partition. */
export interface ReassignmentResult {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** AlterPartitionReassignments answer: outcomes stand with the partitions, partial success is normal. */
export interface AlterPartitionReassignmentsResponse {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly ReassignmentResult[]
  }[]
}

/** AlterPartitionReassignments, versions 0 (Kafka 2.4) and 1 (4.1, KIP-860: both bodies gain a boolean). */
export const alterPartitionReassignments: ApiCodec<
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse
> = {
  apiKey: 45,
  name: 'AlterPartitionReassignments',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  isPassedOn: true,
  encode(writer, request, version) {
    writer.int32(request.timeoutMs)
    if (version >= 1) writer.boolean(request.allowReplicationFactorChange)
    writer.array(request.topics, (topic) => {
      writer.string(topic.name)
      writer.array(topic.partitions, ({ partitionIndex, replicas }) => {
        writer.int32(partitionIndex)
        writer.nullableArray(replicas, (broker) => writer.int32(broker)).tags()
      })
      writer.tags()
    })
    writer.tags()
  },
  decode(reader, version) {
    reader.int32()
    if (version >= 1) reader.boolean()
    const errorCode = reader.int16()
    const errorMessage = reader.nullableString()
    const topics = reader.array(() => {
      const topic = {
        name: reader.string(),
        partitions: reader.array(decodeResult),
      }
      reader.tags()
      return topic
    })
    reader.tags()
    return { errorCode, errorMessage, topics }
  },
}

function decodeResult(reader: ProtocolReader): ReassignmentResult {
  const result = {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
  }
  reader.tags()
  return result
}
