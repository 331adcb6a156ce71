import type { ApiCodec } from '../api-codec.js'

/** LeaveGroup request: takes members out of a group, oneself or others. */
export interface LeaveGroupRequest {
  readonly groupId: string
  readonly members: readonly { readonly memberId: string; readonly reason: string }[]
}

/** LeaveGroup answer; a member that is not in the group has UNKNOWN_MEMBER_ID. */
export interface LeaveGroupResponse {
  readonly errorCode: number
  readonly members: readonly { readonly memberId: string; readonly errorCode: number }[]
}

/** LeaveGroup, versions 4 (Kafka 2.4) and 5. */
export const leaveGroup: ApiCodec<LeaveGroupRequest, LeaveGroupResponse> = {
  apiKey: 13,
  name: 'LeaveGroup',
  minVersion: 4,
  maxVersion: 5,
  flexibleFrom: 4,
  encode(writer, { groupId, members }, version) {
    writer.string(groupId)
    writer.array(members, ({ memberId, reason }) => {
      writer.string(memberId).nullableString(null)
      if (version >= 5) writer.nullableString(reason)
      writer.tags()
    })
    writer.tags()
  },
  decode(reader) {
    reader.int32()
    const errorCode = reader.int16()
    const members = reader.array(() => {
      const memberId = reader.string()
      reader.nullableString()
      const member = { memberId, errorCode: reader.int16() }
      reader.tags()
      return member
    })
    reader.tags()
    return { errorCode, members }
  },
}
