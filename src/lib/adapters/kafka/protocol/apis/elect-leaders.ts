import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** ElectLeaders request (KIP-460): always the preferred election, for the partitions named and no others. */
export interface ElectLeadersRequest {
  readonly timeoutMs: number
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

/** Outcome of one partition; 84 (ELECTION_NOT_NEEDED) means that the preferred leader leads already. */
export interface ElectionResult {
  readonly partitionId: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** ElectLeaders answer. Partitions without an error may be left out by the broker. */
export interface ElectLeadersResponse {
  /** 0 before version 1. */
  readonly errorCode: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly ElectionResult[]
  }[]
}

const PREFERRED = 0

/** ElectLeaders, versions 0 (Kafka 2.2, preferred only) to 2 (flexible). */
export const electLeaders: ApiCodec<ElectLeadersRequest, ElectLeadersResponse> = {
  apiKey: 43,
  name: 'ElectLeaders',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  isPassedOn: true,
  encode(writer, request, version) {
    if (version >= 1) writer.int8(PREFERRED)
    writer.array(request.topics, ({ topic, partitions }) => {
      writer.string(topic).int32Array(partitions).tags()
    })
    writer.int32(request.timeoutMs).tags()
  },
  decode(reader, version) {
    reader.int32()
    const errorCode = version >= 1 ? reader.int16() : 0
    const topics = reader.array(() => {
      const topic = { topic: reader.string(), partitions: reader.array(decodeResult) }
      reader.tags()
      return topic
    })
    reader.tags()
    return { errorCode, topics }
  },
}

function decodeResult(reader: ProtocolReader): ElectionResult {
  const result = {
    partitionId: reader.int32(),
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
  }
  reader.tags()
  return result
}
