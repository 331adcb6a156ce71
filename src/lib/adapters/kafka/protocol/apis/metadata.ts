import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** Metadata request; null topics means all of them. Topics are never created by asking. */
export interface MetadataRequest {
  readonly topics: readonly string[] | null
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
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** A topic in an answer; `topicId` from version 10 on. */
export interface MetadataTopic {
  readonly errorCode: number
  readonly name: string | null
  readonly topicId?: string
  readonly isInternal: boolean
  readonly partitions: readonly MetadataPartition[]
}

/** Metadata answer. In KRaft `controllerId` is any live broker, not the controller. */
export interface MetadataResponse {
  readonly brokers: readonly MetadataBroker[]
  readonly clusterId: string | null
  readonly controllerId: number
  readonly topics: readonly MetadataTopic[]
}

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Metadata, versions 9 (Kafka 2.4) to 13; topic ids from 10 (2.8) on. */
export const metadata: ApiCodec<MetadataRequest, MetadataResponse> = {
  apiKey: 3,
  name: 'Metadata',
  minVersion: 9,
  maxVersion: 13,
  flexibleFrom: 9,
  encode(writer, request, version) {
    writer.nullableArray(request.topics, (name) => {
      if (version >= 10) writer.uuid(ZERO_UUID)
      writer.nullableString(name).tags()
    })
    writer.boolean(false)
    if (version <= 10) writer.boolean(false)
    writer.boolean(false).tags()
  },
  decode(reader, version) {
    reader.int32()
    const brokers = reader.array(decodeBroker)
    const clusterId = reader.nullableString()
    const controllerId = reader.int32()
    const topics = reader.array(() => decodeTopic(reader, version))
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

function decodeTopic(reader: ProtocolReader, version: number): MetadataTopic {
  const errorCode = reader.int16()
  const name = reader.nullableString()
  const topicId = version >= 10 ? reader.uuid() : undefined
  const isInternal = reader.boolean()
  const partitions = reader.array(decodePartition)
  reader.int32()
  reader.tags()
  return { errorCode, name, isInternal, partitions, ...(topicId === undefined ? {} : { topicId }) }
}

function decodePartition(reader: ProtocolReader): MetadataPartition {
  const partition = {
    errorCode: reader.int16(),
    partitionIndex: reader.int32(),
    leaderId: reader.int32(),
    leaderEpoch: reader.int32(),
    replicas: reader.int32Array(),
    isr: reader.int32Array(),
    offlineReplicas: reader.int32Array(),
  }
  reader.tags()
  return partition
}
