import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'

import { beforeAll, describe, expect, it } from 'vitest'

import { readClientProperties } from '../../../../src/lib/config/client-properties/read.js'
import type { TlsSettings } from '../../../../src/lib/ports/connection.js'

const folder = mkdtempSync(join(tmpdir(), 'klinic-stores-'))
const run = (program: string, ...args: readonly string[]): void => {
  execFileSync(program, args, { cwd: folder, stdio: 'pipe' })
}
const keyKind = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
}

/** A self-signed certificate that is its own authority, for server and client alike. */
function makeIdentity(name: 'rsa' | 'ec'): void {
  run(
    'openssl',
    'req',
    '-x509',
    '-nodes',
    ...keyKind[name],
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-days',
    '3',
    '-subj',
    `/CN=${name}`,
    '-addext',
    'subjectAltName=DNS:localhost',
  )
  run(
    'openssl',
    'pkcs12',
    '-export',
    '-in',
    `${name}.pem`,
    '-inkey',
    `${name}.key`,
    '-out',
    `${name}-key.p12`,
    '-passout',
    'pass:changeit',
    '-name',
    'me',
  )
}

beforeAll(() => {
  makeIdentity('rsa')
  makeIdentity('ec')
  for (const [alias, file, type] of [
    ['rsa', 'trust.p12', 'PKCS12'],
    ['ec', 'trust.p12', 'PKCS12'],
    ['rsa', 'trust.jks', 'JKS'],
  ]) {
    run(
      'keytool',
      '-importcert',
      '-noprompt',
      '-alias',
      alias!,
      '-file',
      `${alias!}.pem`,
      '-keystore',
      file!,
      '-storetype',
      type!,
      '-storepass',
      'changeit',
    )
  }
}, 60_000)

async function settings(lines: readonly string[]): Promise<TlsSettings> {
  const path = join(folder, 'client.properties')
  writeFileSync(path, ['security.protocol=SSL', ...lines].join('\n'))
  const { tls } = await readClientProperties(path, { cwd: folder, remember: () => undefined })
  if (tls === undefined) throw new Error('no TLS')
  return tls
}

/** A real handshake with a server that asks for a client certificate; resolves to the client's name as the server saw it. */
function shakeHands(server: 'rsa' | 'ec', client: TlsSettings): Promise<string> {
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  return new Promise((resolve, reject) => {
    const options = {
      key: read(`${server}.key`),
      cert: read(`${server}.pem`),
      ca: [read('rsa.pem'), read('ec.pem')],
      requestCert: true,
      rejectUnauthorized: false,
    }
    const listener = createServer(options, (socket: TLSSocket) => {
      const { subject } = socket.getPeerCertificate()
      resolve(socket.authorized ? String(subject.CN) : 'nobody')
      socket.destroy()
      listener.close()
    })
    listener.listen(0, () => {
      const { port } = listener.address() as AddressInfo
      const socket = connect({
        port,
        servername: 'localhost',
        ca: client.caPem,
        cert: client.certPem,
        key: client.keyPem,
        pfx: client.pkcs12 === undefined ? undefined : Buffer.from(client.pkcs12),
        passphrase: client.passphrase,
      })
      socket.on('error', (error: Error) => {
        listener.close()
        reject(error)
      })
    })
  })
}

describe('stores of Java and OpenSSL', () => {
  const trust = [
    'ssl.truststore.location=trust.p12',
    'ssl.truststore.type=PKCS12',
    'ssl.truststore.password=changeit',
  ]

  it.each(['rsa', 'ec'] as const)(
    'a PKCS12 trust store of keytool is trusted (%s)',
    async (kind) => {
      expect(await shakeHands(kind, await settings(trust))).toBe('nobody')
    },
  )

  it.each(['rsa', 'ec'] as const)(
    'a PKCS12 key store is the client certificate (%s)',
    async (kind) => {
      const identity = [
        `ssl.keystore.location=${kind}-key.p12`,
        'ssl.keystore.type=PKCS12',
        'ssl.keystore.password=changeit',
      ]
      expect(await shakeHands('rsa', await settings([...trust, ...identity]))).toBe(kind)
    },
  )

  it('PEM files are, in the names of librdkafka', async () => {
    const lines = [
      'ssl.ca.location=rsa.pem',
      'ssl.certificate.location=ec.pem',
      'ssl.key.location=ec.key',
    ]
    expect(await shakeHands('rsa', await settings(lines))).toBe('ec')
  })

  it('PEM inside the properties is, in the names of Java', async () => {
    const fold = (file: string): string =>
      readFileSync(join(folder, file), 'utf8').replaceAll('\n', '\\n')
    const lines = [
      'ssl.truststore.type=PEM',
      `ssl.truststore.certificates=${fold('rsa.pem')}`,
      'ssl.keystore.type=PEM',
      `ssl.keystore.certificate.chain=${fold('rsa.pem')}`,
      `ssl.keystore.key=${fold('rsa.key')}`,
    ]
    expect(await shakeHands('rsa', await settings(lines))).toBe('rsa')
  })

  it('a server whose authority is not in the store is refused', async () => {
    const client = await settings(['ssl.ca.location=ec.pem'])
    await expect(shakeHands('rsa', client)).rejects.toThrow(/self-signed|unable to verify/)
  })

  it('a wrong password of a trust store is named', async () => {
    await expect(settings([...trust, 'ssl.truststore.password=wrong'])).rejects.toThrow(
      /wrong ssl.truststore.password/,
    )
  })

  it('a JKS file is refused with the keytool command that converts it, and that command works', async () => {
    const refused = settings([
      'ssl.truststore.location=trust.jks',
      'ssl.truststore.password=changeit',
    ])
    const error: unknown = await refused.catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      exit: 'badConfig',
      message: expect.stringContaining('JKS') as unknown,
    })
    const [command = ''] = (error as { nextSteps: readonly string[] }).nextSteps
    expect(command).toMatch(/^keytool -importkeystore/)
    const [program = '', ...args] = command.split(' ')
    run(program, ...args, '-srcstorepass', 'changeit', '-deststorepass', 'changeit', '-noprompt')
    const converted = await settings([
      'ssl.truststore.location=trust.jks.p12',
      'ssl.truststore.type=PKCS12',
      'ssl.truststore.password=changeit',
    ])
    expect(await shakeHands('rsa', converted)).toBe('nobody')
  })
})
