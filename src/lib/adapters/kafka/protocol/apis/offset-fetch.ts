import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** OffsetFetch request for all partitions of the groups; version 7 takes exactly one group. */
export interface OffsetFetchRequest {
  readonly groups: readonly { readonly groupId: string }[]
}

/** A committed offset; -1 when the group has none. */
export interface FetchedOffset {
  readonly partitionIndex: number
  readonly committedOffset: number
  readonly errorCode: number
}

/** The offsets of a group. `groupId` is empty in version 7. */
export interface FetchedGroupOffsets {
  readonly groupId: string
  readonly errorCode: number
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly FetchedOffset[]
  }[]
}

/** OffsetFetch answer. */
export interface OffsetFetchResponse {
  readonly groups: readonly FetchedGroupOffsets[]
}

/** First version that takes many groups at once (Kafka 3.0). */
export const OFFSET_FETCH_BATCHED_FROM = 8

/** OffsetFetch, versions 7 (Kafka 2.5) to 9; batched from {@link OFFSET_FETCH_BATCHED_FROM} on. */
export const offsetFetch: ApiCodec<OffsetFetchRequest, OffsetFetchResponse> = {
  apiKey: 9,
  name: 'OffsetFetch',
  minVersion: 7,
  maxVersion: 9,
  flexibleFrom: 6,
  encode(writer, request, version) {
    if (version < OFFSET_FETCH_BATCHED_FROM) {
      writer.string(request.groups[0]?.groupId ?? '').nullableArray(null, () => undefined)
    } else {
      writer.array(request.groups, ({ groupId }) => {
        writer.string(groupId)
        if (version >= 9) writer.nullableString(null).int32(-1)
        writer.nullableArray(null, () => undefined).tags()
      })
    }
    writer.boolean(false).tags()
  },
  decode(reader, version) {
    reader.int32()
    const groups =
      version < OFFSET_FETCH_BATCHED_FROM
        ? [decodeGroup(reader, '')]
        : reader.array(() => {
            const group = decodeGroup(reader, reader.string())
            reader.tags()
            return group
          })
    reader.tags()
    return { groups }
  },
}

function decodeGroup(reader: ProtocolReader, groupId: string): FetchedGroupOffsets {
  const topics = reader.array(() => {
    const name = reader.string()
    const partitions = reader.array(decodePartition)
    reader.tags()
    return { name, partitions }
  })
  const errorCode = reader.int16()
  return { groupId, errorCode, topics }
}

function decodePartition(reader: ProtocolReader): FetchedOffset {
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  reader.int32()
  reader.nullableString()
  const errorCode = reader.int16()
  reader.tags()
  return { partitionIndex, committedOffset, errorCode }
}
