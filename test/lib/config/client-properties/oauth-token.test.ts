import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openTokenProvider } from '../../../../src/lib/config/client-properties/oauth-token.js'

const folder = mkdtempSync(join(tmpdir(), 'klinic-token-'))
let server: Server
let endpoint = ''
let caPem = ''
const seen: { readonly authorization: string | undefined; readonly body: string }[] = []

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem']
  const args = ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '2', ...files, ...subject]
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  caPem = readFileSync(join(folder, 'cert.pem'), 'utf8')
  server = createServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: caPem },
    (request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
      request.on('end', () => {
        seen.push({ authorization: request.headers.authorization, body })
        if (request.url === '/denied') response.writeHead(401).end('no')
        else if (request.url === '/moved') response.writeHead(302, { location: '/token' }).end()
        else if (request.url === '/odd') response.end('<html>')
        else
          response.end(JSON.stringify({ access_token: `token-${seen.length}`, expires_in: 3600 }))
      })
    },
  )
  await new Promise<void>((resolve) => server.listen(0, resolve))
  endpoint = `https://localhost:${(server.address() as AddressInfo).port}`
}, 30_000)

afterAll(() => {
  server.close()
})

const remembered: string[] = []
const provider = (path: string, ca: string | null = caPem) =>
  openTokenProvider({
    endpoint: `${endpoint}${path}`,
    clientId: 'klinic',
    clientSecret: 's3cr/t:',
    scope: 'kafka write',
    remember: (secret) => remembered.push(secret),
    ...(ca === null ? {} : { caPem: ca }),
  })

describe('client credentials', () => {
  it('get a token, kept until it nears its end and remembered as a secret', async () => {
    const token = provider('/token')
    const first = await token()
    expect(await token()).toBe(first)
    expect(remembered).toContain(first)
    const login = Buffer.from('klinic:s3cr%2Ft%3A').toString('base64')
    expect(seen.at(-1)).toEqual({
      authorization: `Basic ${login}`,
      body: 'grant_type=client_credentials&scope=kafka+write',
    })
  })

  it.each([
    ['/denied', 'notAuthorised', /answered 401/],
    ['/moved', 'unreachable', /answered 302/],
    ['/odd', 'unreachable', /without an access_token/],
  ])(
    'refused at %s are an error that names the endpoint, not the secret',
    async (path, exit, message) => {
      const failure = provider(path)()
      await expect(failure).rejects.toMatchObject({
        exit,
        message: expect.stringMatching(message) as unknown,
      })
      await expect(failure).rejects.toThrow(/^token endpoint localhost:(?!.*s3cr)/)
    },
  )

  it('are not sent to an endpoint whose certificate is not trusted', async () => {
    const before = seen.length
    await expect(provider('/token', null)()).rejects.toThrow(/self-signed/)
    expect(seen).toHaveLength(before)
  })
})
