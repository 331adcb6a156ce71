import { gzipSync } from 'node:zlib'

import type { NewRecord } from '../../../ports/record-log.js'
import { ProtocolWriter } from '../protocol/protocol-writer.js'
import { crc32c } from './crc32c.js'
import { pushVarint } from './varint.js'

const MAGIC = 2
const GZIP = 1
const NO_PRODUCER = { id: -1, epoch: -1, sequence: -1 }
const UNKNOWN_EPOCH = -1
/** Partition leader epoch, magic and checksum: what the length counts besides the guarded part. */
const UNGUARDED_BYTES = 9

/** One gzip-compressed batch of magic 2 (KIP-98) without a producer id. `nowMs` stamps records without a time. */
export function encodeBatch(records: readonly NewRecord[], nowMs: number): Uint8Array {
  const times = records.map((record) => record.timestampMs ?? nowMs)
  const firstMs = times[0] ?? nowMs
  const body = Buffer.concat(
    records.flatMap((record, index) =>
      encodeRecord(record, index, (times[index] ?? nowMs) - firstMs),
    ),
  )
  const guarded = new ProtocolWriter(false)
    .int16(GZIP)
    .int32(records.length - 1)
    .int64(firstMs)
    .int64(times.reduce((a, b) => Math.max(a, b), firstMs))
    .int64(NO_PRODUCER.id)
    .int16(NO_PRODUCER.epoch)
    .int32(NO_PRODUCER.sequence)
    .int32(records.length)
    .raw(gzipSync(body))
    .bytes()
  return new ProtocolWriter(false)
    .int64(0)
    .int32(guarded.length + UNGUARDED_BYTES)
    .int32(UNKNOWN_EPOCH)
    .int8(MAGIC)
    .int32(crc32c(guarded) | 0)
    .raw(guarded)
    .bytes()
}

function encodeRecord(record: NewRecord, index: number, timestampDelta: number): Uint8Array[] {
  const head: number[] = [0]
  pushVarint(head, timestampDelta)
  pushVarint(head, index)
  pushVarint(head, record.key?.length ?? -1)
  const middle: number[] = []
  pushVarint(middle, record.value?.length ?? -1)
  const noHeaders = 0
  const key = record.key ?? new Uint8Array()
  const value = record.value ?? new Uint8Array()
  const length: number[] = []
  pushVarint(length, head.length + key.length + middle.length + value.length + 1)
  return [
    Uint8Array.from([...length, ...head]),
    key,
    Uint8Array.from(middle),
    value,
    Uint8Array.of(noHeaders),
  ]
}
