import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** A group that the asked broker coordinates. */
export interface ListedGroup {
  readonly groupId: string
  readonly protocolType: string
  readonly groupState: string
}

/** ListGroups answer. */
export interface ListGroupsResponse {
  readonly errorCode: number
  readonly groups: readonly ListedGroup[]
}

/** ListGroups, versions 4 (Kafka 2.6) and 5 (3.8), without filters. */
export const listGroups: ApiCodec<object, ListGroupsResponse> = {
  apiKey: 16,
  name: 'ListGroups',
  minVersion: 4,
  maxVersion: 5,
  flexibleFrom: 3,
  encode(writer, _request, version) {
    writer.array([], () => undefined)
    if (version >= 5) writer.array([], () => undefined)
    writer.tags()
  },
  decode(reader, version) {
    reader.int32()
    const errorCode = reader.int16()
    const groups = reader.array(() => decodeGroup(reader, version))
    reader.tags()
    return { errorCode, groups }
  },
}

function decodeGroup(reader: ProtocolReader, version: number): ListedGroup {
  const groupId = reader.string()
  const protocolType = reader.string()
  const groupState = reader.string()
  if (version >= 5) reader.string()
  reader.tags()
  return { groupId, protocolType, groupState }
}
