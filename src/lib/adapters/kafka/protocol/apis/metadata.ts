import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'
import { NOT_TOLD } from './authorized-operations.js'

/** Metadata request; null topics means all of them. Topics are never created by asking. */
export interface MetadataRequest {
  readonly topics: readonly { readonly name: string }[] | null
  /** Asks what our principal may do with each topic (KIP-430). */
  readonly authorizedOperations?: boolean
}

/** A broker in an answer. */
export interface MetadataBroker {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** A partition in an answer; `leaderId` is -1 without a leader. An error code here is no failure of the request. */
export interface MetadataPartition {
  readonly errorCode: number
  readonly partitionIndex: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicaNodes: readonly number[]
  readonly isrNodes: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** A topic in an answer; its id is all zeros while the cluster does not use ids yet. */
export interface MetadataTopic {
  readonly errorCode: number
  readonly name: string | null
  readonly topicId: string
  readonly isInternal: boolean
  readonly partitions: readonly MetadataPartition[]
  /** Bit field of operations; absent where it was not asked for. */
  readonly authorizedOperations?: number
}

/** Metadata answer. In KRaft `controllerId` is any live broker, not the controller. */
export interface MetadataResponse {
  readonly brokers: readonly MetadataBroker[]
  readonly clusterId: string | null
  readonly controllerId: number
  readonly topics: readonly MetadataTopic[]
}

/** What stands for no topic id. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Metadata, versions 10 (Kafka 2.8: the first with topic ids) to 13. */
export const metadata: ApiCodec<MetadataRequest, MetadataResponse> = {
  apiKey: 3,
  name: 'Metadata',
  minVersion: 10,
  maxVersion: 13,
  flexibleFrom: 9,
  encode(writer, request, version) {
    writer.nullableArray(request.topics, ({ name }) =>
      writer.uuid(ZERO_UUID).nullableString(name).tags(),
    )
    writer.boolean(false)
    if (version <= 10) writer.boolean(false)
    writer.boolean(request.authorizedOperations === true).tags()
  },
  decode(reader, version) {
    reader.int32()
    const brokers = reader.array(decodeBroker)
    const clusterId = reader.nullableString()
    const controllerId = reader.int32()
    const topics = reader.array(decodeTopic)
    if (version <= 10) reader.int32()
    if (version >= 13) reader.int16()
    reader.tags()
    return { brokers, clusterId, controllerId, topics }
  },
}

function decodeBroker(reader: ProtocolReader): MetadataBroker {
  const broker = {
    nodeId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
  }
  reader.tags()
  return broker
}

function decodeTopic(reader: ProtocolReader): MetadataTopic {
  const errorCode = reader.int16()
  const name = reader.nullableString()
  const topicId = reader.uuid()
  const isInternal = reader.boolean()
  const partitions = reader.array(decodePartition)
  const authorizedOperations = reader.int32()
  reader.tags()
  return {
    ...{ errorCode, name, topicId, isInternal, partitions },
    ...(authorizedOperations !== NOT_TOLD && { authorizedOperations }),
  }
}

function decodePartition(reader: ProtocolReader): MetadataPartition {
  const partition = {
    errorCode: reader.int16(),
    partitionIndex: reader.int32(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    replicaNodes: reader.int32Array(),
    isrNodes: reader.int32Array(),
    offlineReplicas: reader.int32Array(),
  }
  reader.tags()
  return partition
}
