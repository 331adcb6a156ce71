import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** ListPartitionReassignments request for all partitions. */
export interface ListPartitionReassignmentsRequest {
  readonly timeoutMs: number
}

/** One partition on its way; `replicas` is the target followed by what will be removed. */
export interface OngoingReassignment {
  readonly partitionIndex: number
  readonly replicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
}

/** ListPartitionReassignments answer. */
export interface ListPartitionReassignmentsResponse {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly OngoingReassignment[]
  }[]
}

/** ListPartitionReassignments (KIP-455), version 0. With ZooKeeper only the controller answers. */
export const listPartitionReassignments: ApiCodec<
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse
> = {
  apiKey: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  isPassedOn: true,
  encode(writer, request) {
    writer
      .int32(request.timeoutMs)
      .nullableArray(null, () => undefined)
      .tags()
  },
  decode(reader) {
    reader.int32()
    const errorCode = reader.int16()
    const errorMessage = reader.nullableString()
    const topics = reader.array(() => {
      const name = reader.string()
      const partitions = reader.array(decodePartition)
      reader.tags()
      return { name, partitions }
    })
    reader.tags()
    return { errorCode, errorMessage, topics }
  },
}

function decodePartition(reader: ProtocolReader): OngoingReassignment {
  const partition = {
    partitionIndex: reader.int32(),
    replicas: reader.int32Array(),
    addingReplicas: reader.int32Array(),
    removingReplicas: reader.int32Array(),
  }
  reader.tags()
  return partition
}
