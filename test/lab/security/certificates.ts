import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { STORE_PASSWORD } from './credentials.js'
import type { SecurityFiles } from './files.js'

const run = promisify(execFile)
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']

/** Makes the lab's CA, one that nobody trusts, the brokers' certificate, and a PKCS12 truststore. */
export async function createCertificates(files: SecurityFiles): Promise<void> {
  mkdirSync(dirname(files.ca), { recursive: true })
  await Promise.all([
    createCa('klinic lab CA', files.caKey, files.ca),
    createCa('someone else', `${files.untrustedCa}.key`, files.untrustedCa),
  ])
  await Promise.all([createBrokerCertificate(files), createTruststore(files)])
}

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await run('openssl', args, { timeout: 60_000 })
  } catch (error) {
    throw new Error(
      'a secured lab makes its certificates with the openssl command (3.0 or later)',
      {
        cause: error,
      },
    )
  }
}

async function createCa(name: string, key: string, certificate: string): Promise<void> {
  const constraints = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  const out = ['-keyout', key, '-out', certificate]
  await openssl(['req', '-x509', ...NEW_KEY, '-subj', `/CN=${name}`, ...constraints, ...out])
}

async function createBrokerCertificate(files: SecurityFiles): Promise<void> {
  const key = `${files.brokerKeystore}.key`
  const certificate = `${files.brokerKeystore}.crt`
  const signing = ['-CA', files.ca, '-CAkey', files.caKey, '-keyout', key, '-out', certificate]
  await openssl([
    ...['req', '-x509', ...NEW_KEY, '-subj', '/CN=localhost', ...signing],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  ])
  // PKCS12 rather than PEM: Kafka 2.8 reads no PEM key without a password of its own.
  await openssl([
    ...['pkcs12', '-export', '-inkey', key, '-in', certificate, '-name', 'broker'],
    ...['-passout', `pass:${STORE_PASSWORD}`, '-out', files.brokerKeystore],
  ])
}

async function createTruststore(files: SecurityFiles): Promise<void> {
  const store = ['-keystore', files.truststorePkcs12, '-storetype', 'PKCS12']
  const options = ['-storepass', STORE_PASSWORD, '-noprompt', '-alias', 'ca']
  await run('keytool', ['-importcert', '-file', files.ca, ...store, ...options], {
    timeout: 60_000,
  })
}
