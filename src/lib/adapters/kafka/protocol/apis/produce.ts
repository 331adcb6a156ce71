import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** Produce request with one record batch for each partition of one topic; always acks=all. */
export interface ProduceRequest {
  readonly timeoutMs: number
  readonly topic: string
  readonly partitions: readonly { readonly index: number; readonly records: Uint8Array }[]
}

/** How it went for one partition. */
export interface ProducedPartition {
  readonly index: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** Produce answer; all its partitions are of the topic written to. */
export interface ProduceResponse {
  readonly partitions: readonly ProducedPartition[]
}

const ALL_IN_SYNC = -1

/** Produce, versions 9 (Kafka 2.8) to 12 (4.0). */
export const produce: ApiCodec<ProduceRequest, ProduceResponse> = {
  apiKey: 0,
  name: 'Produce',
  minVersion: 9,
  maxVersion: 12,
  flexibleFrom: 9,
  encode(writer, request) {
    writer.nullableString(null).int16(ALL_IN_SYNC).int32(request.timeoutMs)
    writer
      .array([request.topic], (topic) =>
        writer
          .string(topic)
          .array(request.partitions, ({ index, records }) =>
            writer.int32(index).nullableBytes(records).tags(),
          )
          .tags(),
      )
      .tags()
  },
  decode(reader) {
    const topics = reader.array(() => {
      reader.string()
      const partitions = reader.array(decodePartition)
      reader.tags()
      return partitions
    })
    reader.int32()
    reader.tags()
    return { partitions: topics.flat() }
  },
}

function decodePartition(reader: ProtocolReader): ProducedPartition {
  const index = reader.int32()
  const errorCode = reader.int16()
  reader.int64()
  reader.int64()
  reader.int64()
  reader.array(() => {
    reader.int32()
    reader.nullableString()
    reader.tags()
  })
  const errorMessage = reader.nullableString()
  reader.tags()
  return { index, errorCode, errorMessage }
}
