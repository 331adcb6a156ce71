const JKS_MAGIC = 0xfeedfeed
const JCEKS_MAGIC = 0xcececece
const DER_SEQUENCE = 0x30

/** What a key or trust store file is, by its first bytes. */
export function sniffStore(bytes: Uint8Array): 'pem' | 'pkcs12' | 'jks' | 'unknown' {
  if (bytes.length >= 4) {
    const magic = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
    if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) return 'jks'
  }
  if (bytes[0] === DER_SEQUENCE) return 'pkcs12'
  return new TextDecoder().decode(bytes).includes('-----BEGIN ') ? 'pem' : 'unknown'
}
