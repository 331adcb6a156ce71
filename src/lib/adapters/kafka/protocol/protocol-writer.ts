import { Buffer } from 'node:buffer'

const INITIAL_BYTES = 256

/**
 * Writes Kafka's primitive types. When `flexible` (KIP-482), strings, byte arrays and arrays get compact lengths and
 * `tags()` writes an empty tagged-field section; otherwise the classic lengths are used and `tags()` writes nothing,
 * so that one encoder serves all versions of an API.
 */
export class ProtocolWriter {
  readonly flexible: boolean
  private buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  private length = 0

  constructor(flexible: boolean) {
    this.flexible = flexible
  }

  /** The bytes written so far (a view: do not write on afterwards). */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  int8(value: number): this {
    const at = this.reserve(1)
    this.buffer.writeInt8(value, at)
    return this
  }

  int16(value: number): this {
    const at = this.reserve(2)
    this.buffer.writeInt16BE(value, at)
    return this
  }

  int32(value: number): this {
    const at = this.reserve(4)
    this.buffer.writeInt32BE(value, at)
    return this
  }

  int64(value: number): this {
    const at = this.reserve(8)
    this.buffer.writeBigInt64BE(BigInt(value), at)
    return this
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  /** Sixteen bytes; `base64url` is the 22 characters that Kafka prints. */
  uuid(base64url: string): this {
    const bytes = Buffer.from(base64url, 'base64url')
    if (bytes.length !== 16) throw new RangeError(`not a Kafka uuid: ${base64url}`)
    return this.raw(bytes)
  }

  string(value: string): this {
    return this.nullableString(value)
  }

  nullableString(value: string | null): this {
    if (value === null) return this.flexible ? this.unsignedVarint(0) : this.int16(-1)
    const bytes = Buffer.from(value, 'utf8')
    if (this.flexible) this.unsignedVarint(bytes.length + 1)
    else this.int16(bytes.length)
    return this.raw(bytes)
  }

  nullableBytes(value: Uint8Array | null): this {
    if (value === null) return this.flexible ? this.unsignedVarint(0) : this.int32(-1)
    if (this.flexible) this.unsignedVarint(value.length + 1)
    else this.int32(value.length)
    return this.raw(value)
  }

  array<T>(items: readonly T[], writeItem: (item: T, writer: this) => unknown): this {
    return this.nullableArray(items, writeItem)
  }

  nullableArray<T>(
    items: readonly T[] | null,
    writeItem: (item: T, writer: this) => unknown,
  ): this {
    if (this.flexible) this.unsignedVarint(items === null ? 0 : items.length + 1)
    else this.int32(items === null ? -1 : items.length)
    for (const item of items ?? []) writeItem(item, this)
    return this
  }

  int32Array(items: readonly number[]): this {
    return this.array(items, (item) => this.int32(item))
  }

  /** The end of every structure in a flexible version: no tagged field is ever sent. */
  tags(): this {
    return this.flexible ? this.unsignedVarint(0) : this
  }

  unsignedVarint(value: number): this {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    return this.byte(rest)
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): this {
    const at = this.reserve(bytes.length)
    this.buffer.set(bytes, at)
    return this
  }

  private byte(value: number): this {
    const at = this.reserve(1)
    this.buffer[at] = value
    return this
  }

  private reserve(count: number): number {
    const at = this.length
    const needed = at + count
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2))
      this.buffer.copy(grown, 0, 0, at)
      this.buffer = grown
    }
    this.length = needed
    return at
  }
}
