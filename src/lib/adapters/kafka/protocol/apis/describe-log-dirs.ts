import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** A replica in a log directory. */
export interface LogDirPartition {
  readonly partitionIndex: number
  readonly partitionSize: number
  readonly offsetLag: number
  readonly isFutureKey: boolean
}

/** A log directory; the byte figures are -1 before version 4 (KIP-827) and where the broker cannot tell. */
export interface LogDirResult {
  readonly errorCode: number
  readonly logDir: string
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly LogDirPartition[]
  }[]
  readonly totalBytes: number
  readonly usableBytes: number
}

/** DescribeLogDirs answer; before version 3 a missing right shows as an empty list without an error. */
export interface DescribeLogDirsResponse {
  readonly errorCode: number
  readonly results: readonly LogDirResult[]
}

/** DescribeLogDirs, versions 2 (Kafka 2.6) to 4 (3.3), for all partitions of the broker that is asked. */
export const describeLogDirs: ApiCodec<object, DescribeLogDirsResponse> = {
  apiKey: 35,
  name: 'DescribeLogDirs',
  minVersion: 2,
  maxVersion: 4,
  flexibleFrom: 2,
  encode(writer) {
    writer.nullableArray(null, () => undefined).tags()
  },
  decode(reader, version) {
    reader.int32()
    const errorCode = version >= 3 ? reader.int16() : 0
    const results = reader.array(() => decodeResult(reader, version))
    reader.tags()
    return { errorCode, results }
  },
}

function decodeResult(reader: ProtocolReader, version: number): LogDirResult {
  const errorCode = reader.int16()
  const logDir = reader.string()
  const topics = reader.array(() => {
    const name = reader.string()
    const partitions = reader.array(decodePartition)
    reader.tags()
    return { name, partitions }
  })
  const totalBytes = version >= 4 ? reader.int64() : -1
  const usableBytes = version >= 4 ? reader.int64() : -1
  reader.tags()
  return { errorCode, logDir, topics, totalBytes, usableBytes }
}

function decodePartition(reader: ProtocolReader): LogDirPartition {
  const partition = {
    partitionIndex: reader.int32(),
    partitionSize: reader.int64(),
    offsetLag: reader.int64(),
    isFutureKey: reader.boolean(),
  }
  reader.tags()
  return partition
}
