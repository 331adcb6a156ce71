import { Buffer } from 'node:buffer'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ProtocolError } from '../../../../../src/lib/adapters/kafka/protocol/protocol-error.js'
import { ProtocolReader } from '../../../../../src/lib/adapters/kafka/protocol/protocol-reader.js'
import { ProtocolWriter } from '../../../../../src/lib/adapters/kafka/protocol/protocol-writer.js'

const anyUuid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'))

describe('the primitive types of the protocol', () => {
  it('read back as they were written, in classic and in flexible versions', () => {
    const message = fc.record({
      flexible: fc.boolean(),
      number: fc.maxSafeInteger(),
      text: fc.option(fc.string({ unit: 'grapheme' })),
      bytes: fc.option(fc.uint8Array()),
      ids: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      uuid: anyUuid,
      flag: fc.boolean(),
      small: fc.nat(2 ** 32 - 1),
    })
    fc.assert(
      fc.property(message, ({ flexible, number, text, bytes, ids, uuid, flag, small }) => {
        const writer = new ProtocolWriter(flexible)
        writer.int64(number).nullableString(text).nullableBytes(bytes).int32Array(ids)
        writer.uuid(uuid).boolean(flag).unsignedVarint(small).tags()
        const reader = new ProtocolReader(writer.bytes(), flexible)
        expect(reader.int64()).toBe(number)
        expect(reader.nullableString()).toBe(text)
        expect(reader.nullableBytes()?.equals(bytes ?? Buffer.alloc(0))).toBe(
          bytes === null ? undefined : true,
        )
        expect(reader.int32Array()).toEqual(ids)
        expect(reader.uuid()).toBe(uuid)
        expect(reader.boolean()).toBe(flag)
        expect(reader.unsignedVarint()).toBe(small)
        reader.tags()
        reader.expectEnd()
      }),
    )
  })

  it('skip tagged fields that a newer broker adds', () => {
    const newer = Buffer.from([2, 0, 3, 1, 2, 3, 7, 1, 9, 42])
    const reader = new ProtocolReader(newer, true)
    reader.tags()
    expect(reader.int8()).toBe(42)
    reader.expectEnd()
  })

  it.each([
    ['a classic array', false, '7fffffff00', (r: ProtocolReader) => r.array(() => r.int8())],
    ['a flexible array', true, 'ffffffff0f00', (r: ProtocolReader) => r.array(() => r.int8())],
    ['classic bytes', false, '7fffffff00', (r: ProtocolReader) => r.nullableBytes()],
    ['a flexible string', true, 'ffffffff0f00', (r: ProtocolReader) => r.nullableString()],
    ['an endless varint', true, 'ffffffffffff01', (r: ProtocolReader) => r.unsignedVarint()],
    ['tagged fields', true, 'ffffffff0f', (r: ProtocolReader) => r.tags()],
  ])('refuse a lying length of %s without believing it', (_what, flexible, hex, read) => {
    const reader = new ProtocolReader(Buffer.from(hex, 'hex'), flexible)
    expect(() => read(reader)).toThrow(ProtocolError)
  })
})
