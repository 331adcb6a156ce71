/** CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as record batches carry it. */
const TABLE = new Uint32Array(256).map((_, index) => {
  let crc = index
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc >>> 0
})

/** Checksum of the bytes from `start` to the end. */
export function crc32c(bytes: Uint8Array, start: number): number {
  let crc = 0xffffffff
  for (let at = start; at < bytes.length; at++) {
    const index = (crc ^ (bytes[at] ?? 0)) & 0xff
    crc = (crc >>> 8) ^ (TABLE[index] ?? 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
