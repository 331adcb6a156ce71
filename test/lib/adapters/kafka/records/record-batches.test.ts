import { Buffer } from 'node:buffer'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ProtocolError } from '../../../../../src/lib/adapters/kafka/protocol/protocol-error.js'
import { crc32c } from '../../../../../src/lib/adapters/kafka/records/crc32c.js'
import type { DecodedRecord } from '../../../../../src/lib/adapters/kafka/records/decode-batches.js'
import { decodeBatches } from '../../../../../src/lib/adapters/kafka/records/decode-batches.js'
import { encodeBatch } from '../../../../../src/lib/adapters/kafka/records/encode-batch.js'
import {
  murmur2,
  partitionForKey,
} from '../../../../../src/lib/adapters/kafka/records/partition-for-key.js'
import { splitIntoBatches } from '../../../../../src/lib/adapters/kafka/records/split-into-batches.js'

const NOW_MS = 1_763_700_000_000

const anyRecord = fc.record({
  key: fc.option(fc.uint8Array({ maxLength: 40 })),
  value: fc.option(fc.uint8Array({ maxLength: 300 })),
  timestampMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
})

function decodeAll(bytes: Uint8Array): { records: DecodedRecord[]; next: number | null } {
  const records: DecodedRecord[] = []
  const next = decodeBatches(Buffer.from(bytes), (record) => records.push(record))
  return { records, next }
}

/** Marks a batch as compressed with another codec, with its checksum put right. */
function withAttributes(batch: Uint8Array, attributes: number): Buffer {
  const changed = Buffer.from(batch)
  changed.writeInt16BE(attributes, 21)
  changed.writeUInt32BE(crc32c(changed.subarray(21)), 17)
  return changed
}

describe('record batches', () => {
  it('give back the records that went in', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), (records) => {
        const { records: read, next } = decodeAll(encodeBatch(records, NOW_MS))
        expect(next).toBe(records.length)
        expect(
          read.map(({ key, value, ...rest }) => ({
            ...rest,
            key: key && Buffer.from(key),
            value: value && Buffer.from(value),
          })),
        ).toEqual(
          records.map(({ key, value, timestampMs }, offset) => ({
            offset,
            timestampMs,
            key: key && Buffer.from(key),
            value: value && Buffer.from(value),
          })),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('take the time of writing where a record has none', () => {
    const { records } = decodeAll(encodeBatch([{ key: null, value: null }], NOW_MS))
    expect(records[0]?.timestampMs).toBe(NOW_MS)
  })

  it('are read one after another, and a cut-off last one is left for the next fetch', () => {
    const batch = encodeBatch([{ key: null, value: Buffer.from('a') }], NOW_MS)
    const second = Buffer.from(batch)
    second.writeBigInt64BE(1n, 0)
    const bytes = Buffer.concat([batch, second, batch.subarray(0, 70)])
    const { records, next } = decodeAll(bytes)
    expect(records.map(({ offset }) => offset)).toEqual([0, 1])
    expect(next).toBe(2)
    expect(decodeAll(batch.subarray(0, -1)).next).toBeNull()
  })

  it('are passed over when they hold control records', () => {
    const batch = encodeBatch([{ key: null, value: null }], NOW_MS)
    expect(decodeAll(withAttributes(batch, 0x21))).toEqual({ records: [], next: 1 })
  })

  it.each([
    [2, 'snappy'],
    [3, 'lz4'],
    [4, 'zstd'],
  ])('name the compression that cannot be read (%i)', (codec, name) => {
    const batch = withAttributes(encodeBatch([{ key: null, value: null }], NOW_MS), codec)
    expect(() => decodeAll(batch)).toThrow(name)
  })

  it('are refused when a byte of them has changed', () => {
    const batch = encodeBatch([{ key: Buffer.from('k'), value: Buffer.from('value') }], NOW_MS)
    fc.assert(
      fc.property(fc.integer({ min: 21, max: batch.length - 1 }), (at) => {
        const changed = Buffer.from(batch)
        changed[at] = changed[at]! ^ 1
        expect(() => decodeAll(changed)).toThrow(ProtocolError)
      }),
    )
  })

  it('never let out anything but the error that callers know', () => {
    const batch = encodeBatch([{ key: Buffer.from('k'), value: Buffer.from('value') }], NOW_MS)
    fc.assert(
      fc.property(fc.nat(batch.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(batch)
        changed[at] = value
        // As if the checksum had been made to fit.
        changed.writeUInt32BE(crc32c(changed.subarray(21)), 17)
        try {
          decodeAll(changed)
        } catch (error) {
          const isTyped = error instanceof ProtocolError || String(error).includes('OperatorError')
          expect(isTyped).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('where a record goes', () => {
  // Values of org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the Java client does', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
  })

  it('keeps a key in its partition, and lets records without key avoid a leaderless one', () => {
    const layout = new Map([
      [0, 1],
      [1, null],
      [2, 2],
    ])
    const key = Buffer.from('orders-7')
    const records = [...Array.from({ length: 6 }, () => ({ key: null, value: null }))]
    expect([...splitIntoBatches(records, layout).keys()]).toEqual([0, 2])
    const keyed = splitIntoBatches([{ key, value: null }], layout)
    expect([...keyed.keys()]).toEqual([partitionForKey(key, 3)])
  })

  it('never fills a batch beyond what a broker takes', () => {
    const value = Buffer.alloc(300_000)
    const batches = splitIntoBatches(
      Array.from({ length: 7 }, () => ({ key: null, value, partition: 0 })),
      new Map([[0, 1]]),
    )
    expect(batches.get(0)?.map((batch) => batch.length)).toEqual([2, 2, 2, 1])
  })
})
