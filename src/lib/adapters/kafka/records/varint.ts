import { ProtocolError } from '../protocol/protocol-error.js'

/** Reads the zigzag numbers of records; up to 2^53, which offsets and times never reach. */
export class VarintCursor {
  readonly bytes: Uint8Array
  position: number

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes
    this.position = position
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 10; count++) {
      const byte = this.bytes[this.position]
      if (byte === undefined) throw new ProtocolError('malformed record: it ends within a number')
      this.position += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      scale *= 0x80
    }
    throw new ProtocolError('malformed record: a number of more than ten bytes')
  }

  /** Bytes behind their length, null for the length -1; a view, not a copy. */
  varintBytes(): Uint8Array | null {
    const length = this.varint()
    if (length < 0) return null
    const from = this.position
    if (length > this.bytes.length - from) {
      throw new ProtocolError(`malformed record: ${length} bytes wanted at its end`)
    }
    this.position = from + length
    return this.bytes.subarray(from, this.position)
  }
}

/** Appends a zigzag number to `out`. */
export function pushVarint(out: number[], value: number): void {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1
  while (rest >= 0x80) {
    out.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  out.push(rest)
}
