import type { Buffer } from 'node:buffer'

import { ProtocolError } from './protocol-error.js'

/**
 * Reads Kafka's primitive types out of one frame; the counterpart of `ProtocolWriter`. It never reads beyond the frame
 * and never allocates for a length that the frame cannot hold: such lengths are a {@link ProtocolError}. 64-bit numbers
 * come as JavaScript numbers: offsets, sizes and times stay far below 2^53.
 */
export class ProtocolReader {
  readonly flexible: boolean
  private readonly buffer: Buffer
  private position = 0

  constructor(buffer: Buffer, flexible: boolean) {
    this.buffer = buffer
    this.flexible = flexible
  }

  get remaining(): number {
    return this.buffer.length - this.position
  }

  int8(): number {
    return this.buffer.readInt8(this.advance(1))
  }

  int16(): number {
    return this.buffer.readInt16BE(this.advance(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.advance(4))
  }

  int64(): number {
    return Number(this.buffer.readBigInt64BE(this.advance(8)))
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  /** Sixteen bytes as the 22 characters that Kafka prints. */
  uuid(): string {
    return this.take(16).toString('base64url')
  }

  string(): string {
    return this.nullableString() ?? this.fail('a string that must be there is null')
  }

  nullableString(): string | null {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int16()
    return length < 0 ? null : this.take(length).toString('utf8')
  }

  nullableBytes(): Buffer | null {
    const length = this.flexible ? this.unsignedVarint() - 1 : this.int32()
    return length < 0 ? null : this.take(length)
  }

  /** A null array reads as an empty one: no caller tells them apart. */
  array<T>(readItem: (reader: this) => T): T[] {
    const count = this.flexible ? this.unsignedVarint() - 1 : this.int32()
    if (count > this.remaining) {
      this.fail(`an array of ${count} items in ${this.remaining} bytes`)
    }
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(readItem(this))
    return items
  }

  int32Array(): number[] {
    return this.array(() => this.int32())
  }

  /** Skips the tagged fields at the end of a structure: none is of interest to us. */
  tags(): void {
    if (!this.flexible) return
    const count = this.unsignedVarint()
    for (let index = 0; index < count; index++) {
      this.unsignedVarint()
      this.take(this.unsignedVarint())
    }
  }

  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer.readUInt8(this.advance(1))
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    return this.fail('a variable-length number of more than five bytes')
  }

  /** A view on the next `count` bytes, without a length in front. */
  take(count: number): Buffer {
    const from = this.advance(count)
    return this.buffer.subarray(from, from + count)
  }

  /** A decoder that leaves bytes unread has misunderstood the answer. */
  expectEnd(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} bytes are left over`)
  }

  private advance(count: number): number {
    const at = this.position
    if (count > this.buffer.length - at) {
      this.fail(`${count} bytes wanted at byte ${at} of ${this.buffer.length}`)
    }
    this.position = at + count
    return at
  }

  private fail(reason: string): never {
    throw new ProtocolError(`malformed answer: ${reason}`)
  }
}
