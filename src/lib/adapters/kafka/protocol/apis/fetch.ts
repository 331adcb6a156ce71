import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** Fetch request of a consumer, without a fetch session. */
export interface FetchRequest {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly topic: string
  readonly partitions: readonly {
    readonly partition: number
    readonly fetchOffset: number
    readonly partitionMaxBytes: number
  }[]
}

/** What came of one partition; `records` are whole batches, the last of them perhaps cut off. */
export interface FetchedPartition {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly records: Buffer
}

/** Fetch answer; all its partitions are of the topic asked for. */
export interface FetchResponse {
  readonly errorCode: number
  readonly partitions: readonly FetchedPartition[]
}

const CONSUMER = -1
const NO_SESSION = { id: 0, epoch: -1 }
const READ_UNCOMMITTED = 0
const UNKNOWN_EPOCH = -1
const UNKNOWN_OFFSET = -1
const NOTHING = Buffer.alloc(0)

/** Fetch, version 12 (Kafka 2.7): the last one by topic name, and offered by every broker up to 4.x. */
export const fetch: ApiCodec<FetchRequest, FetchResponse> = {
  apiKey: 1,
  name: 'Fetch',
  minVersion: 12,
  maxVersion: 12,
  flexibleFrom: 12,
  encode(writer, request) {
    writer.int32(CONSUMER).int32(request.maxWaitMs).int32(request.minBytes).int32(request.maxBytes)
    writer.int8(READ_UNCOMMITTED).int32(NO_SESSION.id).int32(NO_SESSION.epoch)
    writer.array([request.topic], (topic) =>
      writer
        .string(topic)
        .array(request.partitions, (item) =>
          writer
            .int32(item.partition)
            .int32(UNKNOWN_EPOCH)
            .int64(item.fetchOffset)
            .int32(UNKNOWN_EPOCH)
            .int64(UNKNOWN_OFFSET)
            .int32(item.partitionMaxBytes)
            .tags(),
        )
        .tags(),
    )
    writer
      .array([], () => undefined)
      .string('')
      .tags()
  },
  decode(reader) {
    reader.int32()
    const errorCode = reader.int16()
    reader.int32()
    const topics = reader.array(() => {
      reader.string()
      const partitions = reader.array(decodePartition)
      reader.tags()
      return partitions
    })
    reader.tags()
    return { errorCode, partitions: topics.flat() }
  },
}

function decodePartition(reader: ProtocolReader): FetchedPartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  reader.int64()
  const logStartOffset = reader.int64()
  reader.array(() => {
    reader.int64()
    reader.int64()
    reader.tags()
  })
  reader.int32()
  const records = reader.nullableBytes() ?? NOTHING
  reader.tags()
  return { partitionIndex, errorCode, highWatermark, logStartOffset, records }
}
