import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { readClientProperties } from '../../../../src/lib/config/client-properties/read.js'

async function read(text: string) {
  const cwd = await mkdtemp(join(tmpdir(), 'klinic-'))
  await writeFile(join(cwd, 'client.properties'), text)
  const secrets: string[] = []
  const remember = (secret: string): void => {
    secrets.push(secret)
  }
  const security = await readClientProperties('client.properties', { cwd, remember })
  return { ...security, secrets }
}

const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule'
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const OAUTH = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'

describe('client properties as JSON, as kafka_roller takes them', () => {
  const inline = (text: string) =>
    readClientProperties(text, { cwd: tmpdir(), remember: () => undefined })

  it('are read from a file and from the command line', async () => {
    const json = '{"bootstrap.servers": "k1:9092", "security.protocol": "ssl"}'
    const expected = { bootstrapServers: ['k1:9092'], tls: { checkHostName: true } }
    expect(await read(json)).toMatchObject(expected)
    expect(await inline(json)).toMatchObject(expected)
  })

  it('hold no secret on the command line, where everybody on the host can read it', async () => {
    const attempt = inline('{"sasl.password": "hunter2"}')
    await expect(attempt).rejects.toMatchObject({ exit: 'badConfig' })
    await expect(attempt).rejects.toThrow(/sasl.password is a secret/)
    await expect(attempt).rejects.not.toThrow(/hunter2/)
  })

  it('are refused when they are no JSON, instead of being read as something else', async () => {
    await expect(inline('{"security.protocol": ')).rejects.toThrow(/no JSON object/)
  })
})

describe('client properties', () => {
  it('mean plaintext when they say nothing', async () => {
    expect(await read('')).toEqual({ secrets: [] })
  })

  it('carry SCRAM and PLAIN logins in the Java way', async () => {
    const login = `sasl.jaas.config=${SCRAM} required \\\n  username="admin" password="pa=ss;word";\n`
    const scram = await read(`security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n${login}`)
    expect(scram.sasl).toEqual({
      mechanism: 'SCRAM-SHA-512',
      username: 'admin',
      password: 'pa=ss;word',
    })
    expect(scram.tls).toEqual({ checkHostName: true })
    expect(scram.secrets).toContain('pa=ss;word')
    const plain = await read(
      `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${PLAIN} required username="u" password="p";`,
    )
    expect(plain.sasl).toEqual({ mechanism: 'PLAIN', username: 'u', password: 'p' })
  })

  it('carry logins in the way of librdkafka', async () => {
    const { sasl, bootstrapServers } = await read(
      'metadata.broker.list=a:9092, b:9092\nsecurity.protocol=sasl_ssl\nsasl.mechanisms=SCRAM-SHA-256\nsasl.username=u\nsasl.password=p\\w\n',
    )
    expect(sasl).toEqual({ mechanism: 'SCRAM-SHA-256', username: 'u', password: 'p\\w' })
    expect(bootstrapServers).toEqual(['a:9092', 'b:9092'])
  })

  it('may switch the host name check off, and only that', async () => {
    const off = await read('security.protocol=SSL\nssl.endpoint.identification.algorithm=\n')
    expect(off.tls?.checkHostName).toBe(false)
    const on = await read('security.protocol=SSL\nssl.endpoint.identification.algorithm=HTTPS\n')
    expect(on.tls?.checkHostName).toBe(true)
  })

  it('may carry PEM in one line, as Java takes it', async () => {
    const pem = '-----BEGIN CERTIFICATE----- MIIB MIIC -----END CERTIFICATE-----'
    const { tls } = await read(
      `security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=${pem}`,
    )
    expect(tls?.caPem).toBe('-----BEGIN CERTIFICATE-----\nMIIBMIIC\n-----END CERTIFICATE-----\n')
  })

  it.each([
    [
      'Kerberos',
      'security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI',
      /Kerberos \(GSSAPI\) is not spoken/,
    ],
    ['Kerberos by default', 'security.protocol=SASL_SSL', /Kerberos/],
    ['an unknown protocol', 'security.protocol=TLS', /security.protocol TLS is not known/],
    [
      'an unknown mechanism',
      'security.protocol=SASL_SSL\nsasl.mechanism=DIGEST',
      /DIGEST is not known/,
    ],
    [
      'a login without a password',
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN',
      /username and password are missing/,
    ],
    [
      'a foreign login module',
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=com.sun.security.auth.module.JndiLoginModule required user.provider.url="ldap://x";',
      /JndiLoginModule/,
    ],
    [
      'a module of another mechanism',
      `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${OAUTH} required;`,
      /does not fit/,
    ],
    [
      'a config provider',
      `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${PLAIN} required username="u" password="\${file:/etc/passwd:x}";`,
      /config provider/,
    ],
    [
      'a token endpoint without TLS',
      `security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=http://id/token\nsasl.jaas.config=${OAUTH} required clientId="c" clientSecret="s";`,
      /must be https/,
    ],
    [
      'verification switched off',
      'security.protocol=SSL\nssl.ca.location=x\nenable.ssl.certificate.verification=false',
      /is refused/,
    ],
    [
      'a file that is not there',
      'security.protocol=SSL\nssl.truststore.location=nowhere.p12',
      /nowhere\.p12 .*ENOENT/,
    ],
  ])('refuse %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      exit: 'badConfig',
      message: expect.stringMatching(message) as unknown,
    })
  })

  it('never repeat a password in a message', async () => {
    const text = `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=${PLAIN} required username="u" password="hunter2"`
    await expect(read(text)).rejects.toThrow(/^(?!.*hunter2)/)
  })
})
