import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** CreateTopics request; brokers choose the replica lists unless `assignments` says them (then both counts are -1). */
export interface CreateTopicsRequest {
  readonly timeoutMs: number
  readonly validateOnly: boolean
  readonly topics: readonly {
    readonly name: string
    readonly numPartitions: number
    readonly replicationFactor: number
    readonly assignments: readonly {
      readonly partitionIndex: number
      readonly brokerIds: readonly number[]
    }[]
    readonly configs: readonly { readonly name: string; readonly value: string }[]
  }[]
}

/** Outcome of one topic; 36 (TOPIC_ALREADY_EXISTS) is among the errors. */
export interface CreateTopicsResult {
  readonly name: string
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** CreateTopics answer. */
export interface CreateTopicsResponse {
  readonly topics: readonly CreateTopicsResult[]
}

/** CreateTopics, versions 2 to 7; flexible from 5 on, topic ids in the answer of 7. */
export const createTopics: ApiCodec<CreateTopicsRequest, CreateTopicsResponse> = {
  apiKey: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  flexibleFrom: 5,
  isPassedOn: true,
  encode(writer, request) {
    writer.array(request.topics, (topic) => {
      writer.string(topic.name).int32(topic.numPartitions).int16(topic.replicationFactor)
      writer.array(topic.assignments, ({ partitionIndex, brokerIds }) => {
        writer.int32(partitionIndex).int32Array(brokerIds).tags()
      })
      writer.array(topic.configs, ({ name, value }) => {
        writer.string(name).nullableString(value).tags()
      })
      writer.tags()
    })
    writer.int32(request.timeoutMs).boolean(request.validateOnly).tags()
  },
  decode(reader, version) {
    reader.int32()
    const topics = reader.array(() => decodeTopic(reader, version))
    reader.tags()
    return { topics }
  },
}

function decodeTopic(reader: ProtocolReader, version: number): CreateTopicsResult {
  const name = reader.string()
  if (version >= 7) reader.uuid()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString()
  if (version >= 5) {
    reader.int32()
    reader.int16()
    reader.array(skipConfig)
  }
  reader.tags()
  return { name, errorCode, errorMessage }
}

function skipConfig(reader: ProtocolReader): void {
  reader.string()
  reader.nullableString()
  reader.boolean()
  reader.int8()
  reader.boolean()
  reader.tags()
}
