import { ProtocolError } from '../protocol/protocol-error.js'
import { crc32c } from './crc32c.js'
import { decompress } from './decompress.js'
import { VarintCursor } from './varint.js'

/** A record of a batch. Key and value are views on the fetched bytes. */
export interface DecodedRecord {
  readonly offset: number
  readonly timestampMs: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** Layout of a record batch of magic 2 (KIP-98): offset of each field from the start of the batch. */
const AT = {
  length: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  count: 57,
  records: 61,
} as const
const BEFORE_LENGTH_COUNTS = 12
const COMPRESSION_MASK = 0x07
const LOG_APPEND_TIME = 0x08
const CONTROL_BATCH = 0x20

/**
 * Calls `onRecord` for each record of whole batches and returns the offset to fetch next, or null when `bytes` hold no
 * whole batch (the last one of an answer may be cut off). Control batches hold no records for us. Checksums are
 * checked.
 */
export function decodeBatches(
  bytes: Buffer,
  onRecord: (record: DecodedRecord) => void,
): number | null {
  let at = 0
  let nextOffset: number | null = null
  while (bytes.length - at >= AT.records) {
    const size = BEFORE_LENGTH_COUNTS + bytes.readInt32BE(at + AT.length)
    if (size < AT.records) throw new ProtocolError(`malformed record batch: ${size} bytes`)
    if (size > bytes.length - at) break
    const batch = bytes.subarray(at, at + size)
    decodeBatch(batch, onRecord)
    nextOffset = Number(batch.readBigInt64BE(0)) + batch.readInt32BE(AT.lastOffsetDelta) + 1
    at += size
  }
  return nextOffset
}

function decodeBatch(batch: Buffer, onRecord: (record: DecodedRecord) => void): void {
  const magic = batch.readInt8(AT.magic)
  if (magic !== 2) {
    throw new ProtocolError(`record batch of format ${magic}, older than Kafka 0.11`)
  }
  if (batch.readUInt32BE(AT.crc) !== crc32c(batch.subarray(AT.attributes))) {
    throw new ProtocolError('malformed record batch: its checksum is wrong')
  }
  const attributes = batch.readInt16BE(AT.attributes)
  if ((attributes & CONTROL_BATCH) !== 0) return
  const baseOffset = Number(batch.readBigInt64BE(0))
  const baseTimestamp = Number(batch.readBigInt64BE(AT.baseTimestamp))
  const appendTime =
    (attributes & LOG_APPEND_TIME) === 0 ? null : Number(batch.readBigInt64BE(AT.maxTimestamp))
  const count = batch.readInt32BE(AT.count)
  const body = decompress(attributes & COMPRESSION_MASK, batch.subarray(AT.records))
  const cursor = new VarintCursor(body, 0)
  for (let index = 0; index < count; index++) {
    const record = decodeRecord(cursor)
    onRecord({
      offset: baseOffset + record.offsetDelta,
      timestampMs: appendTime ?? baseTimestamp + record.timestampDelta,
      key: record.key,
      value: record.value,
    })
  }
}

function decodeRecord(cursor: VarintCursor): {
  timestampDelta: number
  offsetDelta: number
  key: Uint8Array | null
  value: Uint8Array | null
} {
  const length = cursor.varint()
  const end = cursor.position + length
  // Record attributes are unused as yet.
  cursor.position += 1
  const timestampDelta = cursor.varint()
  const offsetDelta = cursor.varint()
  const key = cursor.varintBytes()
  const value = cursor.varintBytes()
  if (length < 0 || end > cursor.bytes.length || cursor.position > end) {
    throw new ProtocolError('malformed record: its length is wrong')
  }
  // Headers stand between here and the end: klinic uses none.
  cursor.position = end
  return { timestampDelta, offsetDelta, key, value }
}
