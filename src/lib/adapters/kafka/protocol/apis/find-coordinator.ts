import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** FindCoordinator request for consumer groups; version 3 takes exactly one key. */
export interface FindCoordinatorRequest {
  readonly coordinatorKeys: readonly string[]
}

/** The coordinator of one group; `nodeId` is -1 with an error. `key` is empty in version 3. */
export interface Coordinator {
  readonly key: string
  readonly nodeId: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** FindCoordinator answer. */
export interface FindCoordinatorResponse {
  readonly coordinators: readonly Coordinator[]
}

/** First version that takes many groups at once (Kafka 3.0). */
export const FIND_COORDINATOR_BATCHED_FROM = 4

const GROUP_KEY_TYPE = 0

/** FindCoordinator, versions 3 (Kafka 2.4) to 6; batched from {@link FIND_COORDINATOR_BATCHED_FROM} on. */
export const findCoordinator: ApiCodec<FindCoordinatorRequest, FindCoordinatorResponse> = {
  apiKey: 10,
  name: 'FindCoordinator',
  minVersion: 3,
  maxVersion: 6,
  flexibleFrom: 3,
  encode(writer, request, version) {
    if (version < FIND_COORDINATOR_BATCHED_FROM) {
      writer.string(request.coordinatorKeys[0] ?? '').int8(GROUP_KEY_TYPE)
    } else {
      writer.int8(GROUP_KEY_TYPE).array(request.coordinatorKeys, (key) => writer.string(key))
    }
    writer.tags()
  },
  decode(reader, version) {
    reader.int32()
    const coordinators =
      version < FIND_COORDINATOR_BATCHED_FROM ? [decodeSingle(reader)] : reader.array(decodeOne)
    reader.tags()
    return { coordinators }
  },
}

function decodeSingle(reader: ProtocolReader): Coordinator {
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString()
  const nodeId = reader.int32()
  reader.string()
  reader.int32()
  return { key: '', nodeId, errorCode, errorMessage }
}

function decodeOne(reader: ProtocolReader): Coordinator {
  const key = reader.string()
  const nodeId = reader.int32()
  reader.string()
  reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString()
  reader.tags()
  return { key, nodeId, errorCode, errorMessage }
}
