import type { ApiCodec } from '../api-codec.js'

/** Heartbeat request: is this member, in this generation, still in the group? */
export interface HeartbeatRequest {
  readonly groupId: string
  readonly generationId: number
  readonly memberId: string
}

/** Heartbeat answer: 0 when it is. */
export interface HeartbeatResponse {
  readonly errorCode: number
}

/** Heartbeat, version 4 (Kafka 2.4): the only flexible one, and the last. */
export const heartbeat: ApiCodec<HeartbeatRequest, HeartbeatResponse> = {
  apiKey: 12,
  name: 'Heartbeat',
  minVersion: 4,
  maxVersion: 4,
  flexibleFrom: 4,
  encode(writer, { groupId, generationId, memberId }) {
    writer.string(groupId).int32(generationId).string(memberId).nullableString(null).tags()
  },
  decode(reader) {
    reader.int32()
    const errorCode = reader.int16()
    reader.tags()
    return { errorCode }
  },
}
