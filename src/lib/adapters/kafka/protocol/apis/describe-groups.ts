import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'
import { NOT_TOLD } from './authorized-operations.js'

/** DescribeGroups request, sent to the coordinator of the groups. */
export interface DescribeGroupsRequest {
  readonly groups: readonly string[]
  /** Asks what our principal may do with each group (KIP-430). */
  readonly authorizedOperations?: boolean
}

/** A member of a group; metadata and assignment are the protocol's own bytes. */
export interface GroupMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly memberMetadata: Uint8Array
  readonly memberAssignment: Uint8Array
}

/** A group with its members. */
export interface DescribedGroup {
  readonly errorCode: number
  readonly groupId: string
  readonly groupState: string
  readonly protocolType: string
  readonly protocolData: string
  readonly members: readonly GroupMember[]
  /** Bit field of operations; absent where it was not asked for. */
  readonly authorizedOperations?: number
}

/** DescribeGroups answer. */
export interface DescribeGroupsResponse {
  readonly groups: readonly DescribedGroup[]
}

const NO_BYTES = new Uint8Array()

/** DescribeGroups, versions 5 (Kafka 2.4) and 6 (4.0). */
export const describeGroups: ApiCodec<DescribeGroupsRequest, DescribeGroupsResponse> = {
  apiKey: 15,
  name: 'DescribeGroups',
  minVersion: 5,
  maxVersion: 6,
  flexibleFrom: 5,
  encode(writer, request) {
    writer
      .array(request.groups, (group) => writer.string(group))
      .boolean(request.authorizedOperations === true)
      .tags()
  },
  decode(reader, version) {
    reader.int32()
    const groups = reader.array(() => decodeGroup(reader, version))
    reader.tags()
    return { groups }
  },
}

function decodeGroup(reader: ProtocolReader, version: number): DescribedGroup {
  const errorCode = reader.int16()
  if (version >= 6) reader.nullableString()
  const group = {
    errorCode,
    groupId: reader.string(),
    groupState: reader.string(),
    protocolType: reader.string(),
    protocolData: reader.string(),
    members: reader.array(decodeMember),
  }
  const authorizedOperations = reader.int32()
  reader.tags()
  return { ...group, ...(authorizedOperations !== NOT_TOLD && { authorizedOperations }) }
}

function decodeMember(reader: ProtocolReader): GroupMember {
  const member = {
    memberId: reader.string(),
    groupInstanceId: reader.nullableString(),
    clientId: reader.string(),
    clientHost: reader.string(),
    memberMetadata: reader.nullableBytes() ?? NO_BYTES,
    memberAssignment: reader.nullableBytes() ?? NO_BYTES,
  }
  reader.tags()
  return member
}
