const EMPTY = 0xc15d213aa4d7a795n

/** Table of the Rabin fingerprint, as the Avro specification builds it. */
const TABLE: readonly bigint[] = Array.from({ length: 256 }, (_, index) => {
  let fingerprint = BigInt(index)
  for (let bit = 0; bit < 8; bit += 1)
    fingerprint = (fingerprint >> 1n) ^ (EMPTY & -(fingerprint & 1n))
  return fingerprint
})

/**
 * CRC-64-AVRO, the 64-bit Rabin fingerprint of the Avro specification ("Schema Fingerprints"), which names the writer's
 * schema in single-object encoding.
 */
export function crc64Avro(bytes: Uint8Array): bigint {
  let fingerprint = EMPTY
  for (const byte of bytes)
    fingerprint = (fingerprint >> 8n) ^ (TABLE[Number((fingerprint ^ BigInt(byte)) & 0xffn)] ?? 0n)
  return fingerprint
}
