import type { ApiCodec } from '../api-codec.js'
import { ProtocolReader } from '../protocol-reader.js'

/** ApiVersions request: who asks. */
export interface ApiVersionsRequest {
  readonly clientSoftwareName: string
  readonly clientSoftwareVersion: string
}

/** The versions of one API that a broker accepts. */
export interface ApiVersionRange {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

/** ApiVersions answer. A broker that does not know our version answers in version 0 with error 35. */
export interface ApiVersionsResponse {
  readonly errorCode: number
  readonly apiKeys: readonly ApiVersionRange[]
}

const UNSUPPORTED_VERSION = 35

/** ApiVersions, versions 0 to 4. */
export const apiVersions: ApiCodec<ApiVersionsRequest, ApiVersionsResponse> = {
  apiKey: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  encode(writer, request, version) {
    if (version < 3) return
    writer.string(request.clientSoftwareName).string(request.clientSoftwareVersion).tags()
  },
  decode(reader, version) {
    const errorCode = reader.int16()
    if (errorCode === UNSUPPORTED_VERSION) return { errorCode, apiKeys: decodeOldest(reader) }
    const apiKeys = reader.array(decodeRange)
    if (version >= 1) reader.int32()
    reader.tags()
    return { errorCode, apiKeys }
  },
}

function decodeRange(reader: ProtocolReader): ApiVersionRange {
  const range = {
    apiKey: reader.int16(),
    minVersion: reader.int16(),
    maxVersion: reader.int16(),
  }
  reader.tags()
  return range
}

/** Whatever version was asked for, a broker that does not know it answers in version 0 (KIP-511). */
function decodeOldest(reader: ProtocolReader): ApiVersionRange[] {
  const classic = new ProtocolReader(reader.take(reader.remaining), false)
  const ranges = classic.array(decodeRange)
  classic.expectEnd()
  return ranges
}
