import { Buffer } from 'node:buffer'

import { ProtocolReader } from './protocol-reader.js'
import { ProtocolWriter } from './protocol-writer.js'

/**
 * One API of the Kafka protocol in the versions that we speak. `encode` writes the body of a request and `decode` reads
 * the body of an answer; headers, lengths, the final tagged fields of the header and left-over bytes are looked after
 * by {@link encodeRequest} and {@link decodeResponse}. Field names follow Kafka's message definitions.
 */
export interface ApiCodec<Request, Response> {
  readonly apiKey: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** First flexible version (KIP-482); `Infinity` for an API without one among ours. */
  readonly flexibleFrom: number
  /** In KRaft a broker passes it on to the controller: its silence may be the controller's. */
  readonly isPassedOn?: true
  encode(writer: ProtocolWriter, request: Request, version: number): void
  decode(reader: ProtocolReader, version: number): Response
}

/** ApiVersions answers with the old header in every version, so that any client can read it. */
const API_VERSIONS_KEY = 18

/** Everything of a request that follows the client id: the tagged fields of the header (flexible only) and the body. */
export function encodeRequest<Request>(
  codec: ApiCodec<Request, unknown>,
  request: Request,
  version: number,
): Buffer {
  const writer = new ProtocolWriter(version >= codec.flexibleFrom)
  writer.tags()
  codec.encode(writer, request, version)
  return writer.bytes()
}

/** Decodes everything of an answer that follows the correlation id; throws `ProtocolError` unless every byte is used. */
export function decodeResponse<Response>(
  codec: ApiCodec<never, Response>,
  payload: Uint8Array,
  version: number,
): Response {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const reader = new ProtocolReader(bytes, version >= codec.flexibleFrom)
  if (codec.apiKey !== API_VERSIONS_KEY) reader.tags()
  const response = codec.decode(reader, version)
  reader.expectEnd()
  return response
}
