import type { TlsSettings } from '../../ports/connection.js'
import { badProperties, type PropertiesFile } from './properties-file.js'

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** TLS as the properties ask for it; absent trust settings mean Node's own certificate authorities. */
export async function readTls(file: PropertiesFile): Promise<TlsSettings> {
  if (/^false$/i.test(file.get('enable.ssl.certificate.verification') ?? '')) {
    throw badProperties(file, 'enable.ssl.certificate.verification=false is refused', [
      'name the authority instead: ssl.ca.location=FILE',
    ])
  }
  const algorithm = file.get('ssl.endpoint.identification.algorithm')
  return {
    ...(await readTrust(file)),
    ...(await readIdentity(file)),
    checkHostName: algorithm === undefined || /^https$/i.test(algorithm.trim()),
  }
}

async function readTrust(file: PropertiesFile): Promise<Pick<TlsSettings, 'caPem'>> {
  const inline = file.get('ssl.truststore.certificates') ?? file.get('ssl.ca.pem')
  if (inline !== undefined) return { caPem: unfoldPem(inline) }
  if (file.has('ssl.ca.location')) return { caPem: decode(await file.readNamed('ssl.ca.location')) }
  if (!file.has('ssl.truststore.location')) return {}
  const bytes = await file.readNamed('ssl.truststore.location')
  const stored = await storeKind(file, 'truststore', bytes)
  if (stored === 'pem') return { caPem: decode(bytes) }
  const { certificatesOfPkcs12 } = await import('./pkcs12.js')
  const caPem = certificatesOfPkcs12(bytes, file.get('ssl.truststore.password') ?? '')
  if (caPem === null) {
    throw badProperties(
      file,
      'ssl.truststore.location: wrong ssl.truststore.password, or no PKCS12',
    )
  }
  return { caPem }
}

async function readIdentity(file: PropertiesFile): Promise<Partial<TlsSettings>> {
  const keyPassword = file.get('ssl.key.password')
  const passphrase = keyPassword === undefined ? {} : { passphrase: keyPassword }
  const certPem = file.get('ssl.keystore.certificate.chain') ?? file.get('ssl.certificate.pem')
  const keyPem = file.get('ssl.keystore.key') ?? file.get('ssl.key.pem')
  if (certPem !== undefined && keyPem !== undefined) {
    file.remember(keyPem)
    return { certPem: unfoldPem(certPem), keyPem: unfoldPem(keyPem), ...passphrase }
  }
  if (file.has('ssl.certificate.location') && file.has('ssl.key.location')) {
    return {
      certPem: decode(await file.readNamed('ssl.certificate.location')),
      keyPem: decode(await file.readNamed('ssl.key.location')),
      ...passphrase,
    }
  }
  if (!file.has('ssl.keystore.location')) return {}
  const bytes = await file.readNamed('ssl.keystore.location')
  if ((await storeKind(file, 'keystore', bytes)) === 'pem') {
    return { certPem: decode(bytes), keyPem: decode(bytes), ...passphrase }
  }
  return { pkcs12: bytes, passphrase: file.get('ssl.keystore.password') ?? keyPassword ?? '' }
}

/** Goes by what the file is, not by what the properties call it: JKS of Java 9 and later are often PKCS12. */
async function storeKind(
  file: PropertiesFile,
  store: 'truststore' | 'keystore',
  bytes: Uint8Array,
): Promise<'pem' | 'pkcs12'> {
  const { sniffStore } = await import('./sniff-store.js')
  const kind = sniffStore(bytes)
  if (kind === 'pem' || kind === 'pkcs12') return kind
  const path = file.get(`ssl.${store}.location`) ?? ''
  if (kind === 'jks') {
    throw badProperties(file, `ssl.${store}.location is a JKS file, which only Java reads`, [
      `keytool -importkeystore -srckeystore ${path} -destkeystore ${path}.p12 -deststoretype PKCS12`,
      `then ssl.${store}.location=${path}.p12 and ssl.${store}.type=PKCS12`,
    ])
  }
  throw badProperties(file, `ssl.${store}.location is neither PEM nor PKCS12`)
}

/** PEM inside a property may have lost its line breaks: `-----BEGIN X----- base64 -----END X-----`. */
function unfoldPem(text: string): string {
  return text.replace(
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g,
    (_block, label: string, body: string) => {
      const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
      return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
    },
  )
}
