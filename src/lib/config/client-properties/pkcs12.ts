import forge from 'node-forge'

/**
 * The certificates of a PKCS12 trust store as PEM, in their order; null when the password is wrong or the file is none.
 * Node's `pfx` option wants a private key beside them, which trust stores do not have. Certificates that forge cannot
 * read (elliptic curves) are handed on as they are.
 */
export function certificatesOfPkcs12(bytes: Uint8Array, password: string): string | null {
  try {
    const der = forge.util.createBuffer(Buffer.from(bytes).toString('latin1'))
    const store = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(der), password)
    const type = forge.pki.oids['certBag'] ?? ''
    const bags = store.getBags({ bagType: type })[type] ?? []
    return bags.map(pemOfBag).join('')
  } catch {
    return null
  }
}

function pemOfBag(bag: forge.pkcs12.Bag): string {
  const asn1 = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1
  const base64 = Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1').toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
