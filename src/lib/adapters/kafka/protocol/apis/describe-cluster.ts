import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'
import { NOT_TOLD } from './authorized-operations.js'

/** A registered broker; `isFenced` is known from version 2 (Kafka 4.0, KIP-1073) on, false before. */
export interface DescribedBroker {
  readonly brokerId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly isFenced: boolean
}

/** DescribeCluster request. */
export interface DescribeClusterRequest {
  /** Asks what our principal may do with the cluster (KIP-430). */
  readonly authorizedOperations?: boolean
}

/** DescribeCluster answer: version 2 lists fenced brokers too. */
export interface DescribeClusterResponse {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly clusterId: string
  readonly controllerId: number
  readonly brokers: readonly DescribedBroker[]
  /** Bit field of operations; absent where it was not asked for. */
  readonly authorizedOperations?: number
}

/** DescribeCluster, versions 0 (Kafka 2.8) to 2; always asks brokers, never controllers. */
export const describeCluster: ApiCodec<DescribeClusterRequest, DescribeClusterResponse> = {
  apiKey: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encode(writer, request, version) {
    writer.boolean(request.authorizedOperations === true)
    if (version >= 1) writer.int8(1)
    if (version >= 2) writer.boolean(true)
    writer.tags()
  },
  decode(reader, version) {
    reader.int32()
    const errorCode = reader.int16()
    const errorMessage = reader.nullableString()
    if (version >= 1) reader.int8()
    const clusterId = reader.string()
    const controllerId = reader.int32()
    const brokers = reader.array(() => decodeBroker(reader, version))
    const authorizedOperations = reader.int32()
    reader.tags()
    return {
      ...{ errorCode, errorMessage, clusterId, controllerId, brokers },
      ...(authorizedOperations !== NOT_TOLD && { authorizedOperations }),
    }
  },
}

function decodeBroker(reader: ProtocolReader, version: number): DescribedBroker {
  const broker = {
    brokerId: reader.int32(),
    host: reader.string(),
    port: reader.int32(),
    rack: reader.nullableString(),
    isFenced: version >= 2 && reader.boolean(),
  }
  reader.tags()
  return broker
}
