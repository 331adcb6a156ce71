import { gzipSync } from 'node:zlib'
import { crc32c } from './crc32c.js'

/** Offsets of fields in a record batch, format 2 (https://kafka.apache.org/documentation/#recordbatch). */
export const BATCH = {
  baseOffset: 0,
  length: 8,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  recordsCount: 57,
  headerBytes: 61,
} as const

const GZIP = 1

/** A batch made once and sent many times: only its timestamps and checksum change. */
export interface BatchTemplate {
  readonly bytes: Buffer
  readonly records: number
}

/** What the records of a template look like. */
export interface RecordShape {
  readonly valueBytes: number
  readonly keys: number
  readonly compression: 'none' | 'gzip'
}

/** A template of about `targetBytes` as encoded, and of at least one record. */
export function makeTemplate(shape: RecordShape, targetBytes: number): BatchTemplate {
  const one = makeBatch(shape, 1).bytes.length - BATCH.headerBytes
  let records = Math.max(1, Math.round((targetBytes - BATCH.headerBytes) / one))
  if (shape.compression === 'gzip') {
    const trial = makeBatch(shape, records).bytes.length
    records = Math.max(1, Math.round((records * targetBytes) / trial))
  }
  return makeBatch(shape, records)
}

/** Sets the time of all records to now, in place. */
export function stamp(template: BatchTemplate, nowMs: number): void {
  const { bytes } = template
  bytes.writeBigInt64BE(BigInt(nowMs), BATCH.baseTimestamp)
  bytes.writeBigInt64BE(BigInt(nowMs), BATCH.maxTimestamp)
  bytes.writeUInt32BE(crc32c(bytes, BATCH.attributes), BATCH.crc)
}

function makeBatch(shape: RecordShape, records: number): BatchTemplate {
  const encoded = Buffer.concat(
    Array.from({ length: records }, (_, index) => makeRecord(shape, index)),
  )
  const body = shape.compression === 'gzip' ? gzipSync(encoded) : encoded
  const bytes = Buffer.alloc(BATCH.headerBytes + body.length)
  bytes.writeInt32BE(bytes.length - 12, BATCH.length)
  bytes.writeInt32BE(-1, 12) // partition leader epoch: the broker sets it
  bytes.writeInt8(2, 16) // magic
  bytes.writeInt16BE(shape.compression === 'gzip' ? GZIP : 0, BATCH.attributes)
  bytes.writeInt32BE(records - 1, BATCH.lastOffsetDelta)
  bytes.writeBigInt64BE(-1n, 43) // no producer id: not idempotent
  bytes.writeInt16BE(-1, 51)
  bytes.writeInt32BE(-1, 53)
  bytes.writeInt32BE(records, BATCH.recordsCount)
  body.copy(bytes, BATCH.headerBytes)
  return { bytes, records }
}

function makeRecord(shape: RecordShape, index: number): Buffer {
  const key = shape.keys > 0 ? Buffer.from(`key-${index % shape.keys}`) : null
  const body = Buffer.concat([
    Buffer.from([0]), // attributes
    varint(0), // timestamp delta
    varint(index), // offset delta
    varint(key === null ? -1 : key.length),
    key ?? Buffer.alloc(0),
    varint(shape.valueBytes),
    pseudoRandomText(shape.valueBytes, index),
    varint(0), // headers
  ])
  return Buffer.concat([varint(body.length), body])
}

/** Hexadecimal digits of a linear congruential generator: gzip halves them, as it does typical payloads. */
function pseudoRandomText(length: number, seed: number): Buffer {
  const text = Buffer.alloc(length)
  let state = (seed * 2654435761 + 12345) >>> 0
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    text[at] = '0123456789abcdef'.charCodeAt(state >>> 28)
  }
  return text
}

/** Zigzag variable-length integer. */
function varint(value: number): Buffer {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  const bytes: number[] = []
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}
