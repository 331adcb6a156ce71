const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** The partition that the Java client's default partitioner gives a key (murmur2). */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

/** Austin Appleby's murmur2 as Kafka's `Utils.murmur2` has it; signed 32 bits. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let hash = SEED ^ bytes.length
  const whole = bytes.length - (bytes.length % 4)
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getInt32(at, true), M)
    word ^= word >>> R
    hash = Math.imul(hash, M) ^ Math.imul(word, M)
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= whole; at--) tail = (tail << 8) | view.getUint8(at)
  if (whole < bytes.length) hash = Math.imul(hash ^ tail, M)
  hash ^= hash >>> 13
  hash = Math.imul(hash, M)
  return hash ^ (hash >>> 15)
}
