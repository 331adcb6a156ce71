import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** Timestamps with a meaning of their own. */
export const OFFSET_TIMESTAMP = { latest: -1, earliest: -2 } as const

/** Kafka's name for one who may ask any replica, not only the leader, and is told where that replica's log ends. */
export const DEBUGGING_CONSUMER = -2
const CONSUMER = -1

/** ListOffsets request: for each partition the first offset at or after a time, or one of {@link OFFSET_TIMESTAMP}. */
export interface ListOffsetsRequest {
  /** Default: a consumer. */
  readonly replicaId?: typeof DEBUGGING_CONSUMER
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly timestamp: number }[]
  }[]
  readonly timeoutMs: number
}

/** The offset found; -1 when no record is that young. */
export interface ListedOffset {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly timestamp: number
  readonly offset: number
  readonly leaderEpoch: number
}

/** ListOffsets answer. */
export interface ListOffsetsResponse {
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly ListedOffset[]
  }[]
}

/** ListOffsets, versions 6 (Kafka 2.8) to 10 (4.0); asked of each partition's leader, or of any replica. */
export const listOffsets: ApiCodec<ListOffsetsRequest, ListOffsetsResponse> = {
  apiKey: 2,
  name: 'ListOffsets',
  minVersion: 6,
  maxVersion: 10,
  flexibleFrom: 6,
  encode(writer, request, version) {
    writer.int32(request.replicaId ?? CONSUMER).int8(0)
    writer.array(request.topics, ({ name, partitions }) =>
      writer
        .string(name)
        .array(partitions, ({ partitionIndex, timestamp }) =>
          writer.int32(partitionIndex).int32(-1).int64(timestamp).tags(),
        )
        .tags(),
    )
    if (version >= 10) writer.int32(request.timeoutMs)
    writer.tags()
  },
  decode(reader) {
    reader.int32()
    const topics = reader.array(() => {
      const name = reader.string()
      const partitions = reader.array(decodePartition)
      reader.tags()
      return { name, partitions }
    })
    reader.tags()
    return { topics }
  },
}

function decodePartition(reader: ProtocolReader): ListedOffset {
  const partition = {
    partitionIndex: reader.int32(),
    errorCode: reader.int16(),
    timestamp: reader.int64(),
    offset: reader.int64(),
    leaderEpoch: reader.int32(),
  }
  reader.tags()
  return partition
}
