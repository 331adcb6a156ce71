import { request } from 'node:https'

import { OperatorError } from '../../errors/operator-error.js'

const DEADLINE_MS = 10_000
const MAX_ANSWER_BYTES = 256 * 1024
const RENEW_BEFORE_MS = 30_000

/** Client credentials for a token endpoint (RFC 6749 §4.4). */
export interface TokenRequest {
  /** https only. */
  readonly endpoint: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string
  /** Tokens are secrets too. */
  readonly remember: (secret: string) => void
  /** Certificate authority of the endpoint, where it is not one that Node knows. */
  readonly caPem?: string
}

/** A function that hands out a token, asked for when needed and kept until shortly before it expires. */
export function openTokenProvider(credentials: TokenRequest): () => Promise<string> {
  let cached: { readonly token: string; readonly until: number } | null = null
  return async () => {
    if (cached !== null && Date.now() < cached.until) return cached.token
    const answer = await askEndpoint(credentials)
    credentials.remember(answer.token)
    cached = { token: answer.token, until: Date.now() + answer.lifetimeMs - RENEW_BEFORE_MS }
    return answer.token
  }
}

async function askEndpoint(credentials: TokenRequest) {
  const { status, body } = await post(credentials)
  if (status !== 200) {
    const exit =
      status === 400 || status === 401 || status === 403 ? 'notAuthorised' : 'unreachable'
    throw tokenError(credentials, `answered ${status}`, exit)
  }
  const answer: unknown = parseJson(body)
  const token = field(answer, 'access_token')
  const lifetime = field(answer, 'expires_in')
  if (typeof token !== 'string' || token === '') {
    throw tokenError(credentials, 'answered without an access_token', 'unreachable')
  }
  return { token, lifetimeMs: typeof lifetime === 'number' ? lifetime * 1_000 : RENEW_BEFORE_MS }
}

function post(credentials: TokenRequest): Promise<{ status: number; body: string }> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (credentials.scope !== undefined) form.set('scope', credentials.scope)
  const body = form.toString()
  const login = `${encodeURIComponent(credentials.clientId)}:${encodeURIComponent(credentials.clientSecret)}`
  const headers = {
    authorization: `Basic ${Buffer.from(login).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  const tls = credentials.caPem === undefined ? {} : { ca: credentials.caPem }
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(tokenError(credentials, reason, 'unreachable'))
    }
    const call = request(credentials.endpoint, { method: 'POST', headers, ...tls }, (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > MAX_ANSWER_BYTES) call.destroy(new Error('the answer is too long'))
        else chunks.push(chunk)
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })
      })
    })
    const timer = setTimeout(() => call.destroy(new Error('no answer within 10 s')), DEADLINE_MS)
    call.on('close', () => clearTimeout(timer))
    call.on('error', (error) => fail(error.message))
    call.end(body)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string, unknown>(Object.entries(value)).get(name)
}

function tokenError(
  credentials: TokenRequest,
  reason: string,
  exit: 'notAuthorised' | 'unreachable',
): OperatorError {
  return new OperatorError({
    code: 'TOKEN_UNAVAILABLE',
    message: `token endpoint ${new URL(credentials.endpoint).host}: ${reason}`,
    exit,
  })
}
