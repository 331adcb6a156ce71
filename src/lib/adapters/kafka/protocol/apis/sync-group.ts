import type { ApiCodec } from '../api-codec.js'

/** SyncGroup request: the leader hands out what each member gets, the others hand out nothing. */
export interface SyncGroupRequest {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
  readonly protocolType: string
  readonly protocolName: string
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[]
}

/** SyncGroup answer: what the leader has given this member. */
export interface SyncGroupResponse {
  readonly errorCode: number
  readonly assignment: Uint8Array
}

const NO_BYTES = new Uint8Array()

/** SyncGroup, versions 4 (Kafka 2.4) and 5; always a dynamic member. */
export const syncGroup: ApiCodec<SyncGroupRequest, SyncGroupResponse> = {
  apiKey: 14,
  name: 'SyncGroup',
  minVersion: 4,
  maxVersion: 5,
  flexibleFrom: 4,
  encode(writer, request, version) {
    writer.string(request.groupId).int32(request.generationId)
    writer.string(request.memberId).nullableString(null)
    if (version >= 5) {
      writer.nullableString(request.protocolType).nullableString(request.protocolName)
    }
    writer.array(request.assignments, ({ memberId, assignment }) => {
      writer.string(memberId).nullableBytes(assignment).tags()
    })
    writer.tags()
  },
  decode(reader, version) {
    reader.int32()
    const errorCode = reader.int16()
    if (version >= 5) {
      reader.nullableString()
      reader.nullableString()
    }
    const assignment = reader.nullableBytes() ?? NO_BYTES
    reader.tags()
    return { errorCode, assignment }
  },
}
