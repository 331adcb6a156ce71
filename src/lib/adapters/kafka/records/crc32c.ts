const POLYNOMIAL = 0x82f63b78
const BYTES = 256
const SLICES = 8

/** `TABLE[slice * 256 + byte]`: what a byte does to the checksum when `slice` more bytes follow ("slicing by 8"). */
const TABLE = new Int32Array(SLICES * BYTES)
for (let byte = 0; byte < BYTES; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  TABLE[byte] = value
}
for (let at = BYTES; at < TABLE.length; at++) {
  const before = entry(at - BYTES)
  TABLE[at] = (before >>> 8) ^ entry(before & 0xff)
}

function entry(at: number): number {
  return TABLE[at] ?? 0
}

/** CRC-32C (Castagnoli), which guards each record batch; eight bytes at a time, as replaying a topic needs. */
export function crc32c(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % SLICES)
  let crc = -1
  let at = 0
  for (; at < whole; at += SLICES) {
    const low = view.getInt32(at, true) ^ crc
    const high = view.getInt32(at + 4, true)
    crc =
      entry(1792 + (low & 0xff)) ^
      entry(1536 + ((low >>> 8) & 0xff)) ^
      entry(1280 + ((low >>> 16) & 0xff)) ^
      entry(1024 + (low >>> 24)) ^
      entry(768 + (high & 0xff)) ^
      entry(512 + ((high >>> 8) & 0xff)) ^
      entry(256 + ((high >>> 16) & 0xff)) ^
      entry(high >>> 24)
  }
  for (; at < bytes.length; at++) crc = entry((crc ^ view.getUint8(at)) & 0xff) ^ (crc >>> 8)
  return ~crc >>> 0
}
