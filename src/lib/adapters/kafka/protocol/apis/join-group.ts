import type { ApiCodec } from '../api-codec.js'

/** JoinGroup request, sent to the coordinator. `memberId` is empty at first; the answer then names one (KIP-394). */
export interface JoinGroupRequest {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly memberId: string
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** JoinGroup answer; `members` is for the leader alone. */
export interface JoinGroupResponse {
  readonly errorCode: number
  readonly generationId: number
  readonly protocolName: string | null
  readonly leader: string
  readonly memberId: string
  readonly members: readonly { readonly memberId: string; readonly metadata: Uint8Array }[]
}

const NO_BYTES = new Uint8Array()

/** JoinGroup, versions 6 (Kafka 2.4) to 9; always a dynamic member. */
export const joinGroup: ApiCodec<JoinGroupRequest, JoinGroupResponse> = {
  apiKey: 11,
  name: 'JoinGroup',
  minVersion: 6,
  maxVersion: 9,
  flexibleFrom: 6,
  encode(writer, request, version) {
    writer.string(request.groupId)
    writer.int32(request.sessionTimeoutMs).int32(request.rebalanceTimeoutMs)
    writer.string(request.memberId).nullableString(null).string(request.protocolType)
    writer.array(request.protocols, ({ name, metadata }) => {
      writer.string(name).nullableBytes(metadata).tags()
    })
    if (version >= 8) writer.nullableString(null)
    writer.tags()
  },
  decode(reader, version) {
    reader.int32()
    const errorCode = reader.int16()
    const generationId = reader.int32()
    if (version >= 7) reader.nullableString()
    const protocolName = reader.nullableString()
    const leader = reader.string()
    if (version >= 9) reader.boolean()
    const memberId = reader.string()
    const members = reader.array(() => {
      const id = reader.string()
      reader.nullableString()
      const member = { memberId: id, metadata: reader.nullableBytes() ?? NO_BYTES }
      reader.tags()
      return member
    })
    reader.tags()
    return { errorCode, generationId, protocolName, leader, memberId, members }
  },
}
