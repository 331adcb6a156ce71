import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** DescribeQuorum request; only `__cluster_metadata`, partition 0, has an answer. */
export interface DescribeQuorumRequest {
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly { readonly partitionIndex: number }[]
  }[]
}

/** How far a voter or an observer has come. */
export interface QuorumReplica {
  readonly replicaId: number
  readonly logEndOffset: number
  /** From version 1 on; -1 when never. */
  readonly lastCaughtUpTimestamp?: number
}

/** Where a voter listens. */
export interface QuorumNode {
  readonly nodeId: number
  readonly listeners: readonly { readonly name: string; readonly host: string }[]
}

/** The quorum as its leader, the active controller, sees it. */
export interface QuorumPartition {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly currentVoters: readonly QuorumReplica[]
  readonly observers: readonly QuorumReplica[]
}

/** DescribeQuorum answer. */
export interface DescribeQuorumResponse {
  readonly errorCode: number
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly QuorumPartition[]
  }[]
  /** From version 2 on. */
  readonly nodes?: readonly QuorumNode[]
}

/** DescribeQuorum (KIP-595), versions 0 to 2; brokers pass it on to the active controller. */
export const describeQuorum: ApiCodec<DescribeQuorumRequest, DescribeQuorumResponse> = {
  apiKey: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  isPassedOn: true,
  encode(writer, request) {
    writer
      .array(request.topics, ({ topicName, partitions }) =>
        writer
          .string(topicName)
          .array(partitions, ({ partitionIndex }) => writer.int32(partitionIndex).tags())
          .tags(),
      )
      .tags()
  },
  decode(reader, version) {
    const errorCode = reader.int16()
    if (version >= 2) reader.nullableString()
    const topics = reader.array(() => {
      const topicName = reader.string()
      const partitions = reader.array(() => decodePartition(reader, version))
      reader.tags()
      return { topicName, partitions }
    })
    const nodes = version >= 2 ? { nodes: reader.array(decodeNode) } : {}
    reader.tags()
    return { errorCode, topics, ...nodes }
  },
}

function decodePartition(reader: ProtocolReader, version: number): QuorumPartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  if (version >= 2) reader.nullableString()
  const partition = {
    partitionIndex,
    errorCode,
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    highWatermark: reader.int64(),
    currentVoters: reader.array(() => decodeReplica(reader, version)),
    observers: reader.array(() => decodeReplica(reader, version)),
  }
  reader.tags()
  return partition
}

function decodeReplica(reader: ProtocolReader, version: number): QuorumReplica {
  const replicaId = reader.int32()
  if (version >= 2) reader.uuid()
  const logEndOffset = reader.int64()
  if (version >= 1) reader.int64()
  const caughtUp = version >= 1 ? { lastCaughtUpTimestamp: reader.int64() } : {}
  reader.tags()
  return { replicaId, logEndOffset, ...caughtUp }
}

function decodeNode(reader: ProtocolReader): QuorumNode {
  const nodeId = reader.int32()
  const listeners = reader.array(() => {
    const name = reader.string()
    const host = reader.string()
    // The port is an unsigned 16-bit number: only its two bytes matter here.
    reader.int16()
    reader.tags()
    return { name, host }
  })
  reader.tags()
  return { nodeId, listeners }
}
