import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import { openKafkaReader } from '../../../../../src/lib/adapters/kafka/open-kafka-reader.js'
import { EXIT_CODES } from '../../../../../src/lib/errors/exit-codes.js'
import { OperatorError } from '../../../../../src/lib/errors/operator-error.js'
import type { KafkaConnection, SaslSettings } from '../../../../../src/lib/ports/connection.js'
import type { Listener, ScramLie } from './hostile-broker.js'
import {
  listen,
  listenAsImpostor,
  listenAsLoneBroker,
  listenAsSilentAndTalking,
  listenForLogins,
} from './hostile-broker.js'

const TIMEOUT_MS = 400
const LOGIN = { mechanism: 'SCRAM-SHA-512', username: 'klinic', password: 'secret-pencil' } as const

const listeners: Listener[] = []
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close()
})

async function serve(onConnection: (socket: Socket) => void): Promise<string> {
  const listener = await listen(onConnection)
  listeners.push(listener)
  return `127.0.0.1:${listener.port}`
}

const connectionTo = (...bootstrapServers: string[]): KafkaConnection => ({
  bootstrapServers,
  clientId: 'klinic-test',
  connectTimeoutMs: TIMEOUT_MS,
  requestTimeoutMs: TIMEOUT_MS,
})

/** The error that an operator sees; anything else than an OperatorError fails the test. */
async function refusalOf(connection: KafkaConnection): Promise<OperatorError> {
  try {
    await openKafkaReader(connection)
  } catch (error) {
    if (error instanceof OperatorError) return error
    throw error
  }
  throw new Error('it connected')
}

describe('a bootstrap server that is no broker', () => {
  it('is named with its port when nobody listens there', async () => {
    const refusal = await refusalOf(connectionTo('127.0.0.1:1'))
    expect(EXIT_CODES[refusal.exit]).toBe(69)
    expect(refusal.message).toContain('127.0.0.1:1: connection refused')
  })

  it('costs no more than the connect timeout when it accepts and says nothing', async () => {
    const silent = await serve(() => undefined)
    const startedMs = performance.now()
    const refusal = await refusalOf(connectionTo(silent))
    expect(performance.now() - startedMs).toBeLessThan(10 * TIMEOUT_MS)
    expect(refusal).toMatchObject({ code: 'CLUSTER_UNREACHABLE', exit: 'unreachable' })
    expect(refusal.message).toContain('did not answer within 0.4 s')
  })

  it('is asked whether it wants TLS when it hangs up at the first request', async () => {
    const rude = await serve((socket) => socket.on('data', () => socket.destroy()))
    expect((await refusalOf(connectionTo(rude))).message).toContain('does this port want TLS?')
  })

  it('is seen through when it speaks HTTP', async () => {
    const web = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect((await refusalOf(connectionTo(web))).message).toContain("not Kafka's protocol")
  })

  it('cannot make us wait for a frame of two gigabytes', async () => {
    const liar = await serve((socket) => socket.on('data', () => socket.write('\x7f\xff\xff\xff')))
    const refusal = await refusalOf(connectionTo(liar))
    expect(refusal.message).toContain("not Kafka's protocol")
  })

  it('is refused when it answers with bytes that make no sense', async () => {
    const frame = Buffer.from([0, 0, 0, 6, 0, 0, 0, 0, 0, 0])
    const confused = await serve((socket) => socket.on('data', () => socket.write(frame)))
    expect((await refusalOf(connectionTo(confused))).message).toContain('malformed answer')
  })

  it('that is no address at all is a mistake in the configuration', async () => {
    const refusal = await refusalOf(connectionTo('not an address'))
    expect(refusal).toMatchObject({ code: 'BOOTSTRAP_SERVER_INVALID', exit: 'badConfig' })
  })

  it('does not hold up a short answer until its own timeout', async () => {
    const lone = await listenAsLoneBroker()
    listeners.push(lone)
    const silent = await serve(() => undefined)
    const patient = { ...connectionTo(`127.0.0.1:${lone.port}`, silent), connectTimeoutMs: 30_000 }
    const startedMs = performance.now()
    const reader = await openKafkaReader(patient)
    const { brokers } = await reader.readMetadata()
    await reader.close()
    expect(brokers).toMatchObject([{ id: 7 }])
    expect(performance.now() - startedMs).toBeLessThan(15_000)
  })

  it('does not hide what the others said', async () => {
    const silent = await serve(() => undefined)
    const refusal = await refusalOf(connectionTo(silent, '127.0.0.1:1'))
    expect(refusal.message).toContain('did not answer')
    expect(refusal.message).toContain('connection refused')
  })
})

describe('a broker that says nothing any more', () => {
  it('does not hold up a look at the cluster: another one is asked beside it', async () => {
    const [silent, talking] = await listenAsSilentAndTalking()
    listeners.push(silent, talking)
    const patient = { ...connectionTo(`127.0.0.1:${silent.port}`), requestTimeoutMs: 60_000 }
    const reader = await openKafkaReader(patient)
    const startedMs = performance.now()
    const { brokers } = await reader.readMetadata({ topics: [] })
    await reader.close()
    expect(brokers.map(({ id }) => id)).toEqual([7, 8])
    expect(performance.now() - startedMs).toBeLessThan(30_000)
  })
})

describe('a login', () => {
  it('is not sent over an unencrypted connection unless the operator says so', async () => {
    const refusal = await refusalOf({ ...connectionTo('127.0.0.1:1'), sasl: LOGIN })
    expect(refusal).toMatchObject({ code: 'SASL_OVER_PLAINTEXT', exit: 'badConfig' })
    const allowed = { ...connectionTo('127.0.0.1:1'), sasl: LOGIN, allowPlaintextSasl: true }
    expect((await refusalOf(allowed)).exit).toBe('unreachable')
  })

  const honest: ScramLie = { iterations: 4096, nonce: (client) => `${client}server` }
  it.each<[string, ScramLie, string]>([
    ['does not know the password itself', honest, 'Invalid server signature'],
    ['answers with a nonce of its own', { ...honest, nonce: () => 'mine' }, 'nonce'],
    ['wants so few rounds that a password is guessed', { ...honest, iterations: 1 }, 'iterations'],
  ])('is broken off when the broker %s', async (_what, lie, reason) => {
    const impostor = await listenAsImpostor(lie)
    listeners.push(impostor)
    const refusal = await refusalOf({
      ...connectionTo(`127.0.0.1:${impostor.port}`),
      connectTimeoutMs: 5_000,
      sasl: LOGIN,
      allowPlaintextSasl: true,
    })
    expect(refusal).toMatchObject({ code: 'NOT_AUTHORISED', exit: 'notAuthorised' })
    expect(refusal.message).toContain(reason)
    expect(refusal.message).not.toContain('pencil')
  })
})

describe('a mechanism', () => {
  /** What is sent at login; the broker says nothing more after it, so that opening fails at its deadline. */
  async function messageSent(sasl: SaslSettings): Promise<string | undefined> {
    const messages: string[] = []
    const broker = await listenForLogins(sasl.mechanism, (message) => {
      messages.push(message)
      return ''
    })
    listeners.push(broker)
    const connection = connectionTo(`127.0.0.1:${broker.port}`)
    await refusalOf({ ...connection, sasl, allowPlaintextSasl: true })
    return messages[0]
  }

  it('PLAIN sends user and password once', async () => {
    const sasl = { mechanism: 'PLAIN', username: 'klinic', password: 'secret' } as const
    expect(await messageSent(sasl)).toBe('\0klinic\0secret')
  })

  it('OAUTHBEARER sends the token that its provider gives', async () => {
    const sasl = { mechanism: 'OAUTHBEARER', token: () => Promise.resolve('token-1') } as const
    expect(await messageSent(sasl)).toContain('auth=Bearer token-1')
  })

  it('OAUTHBEARER fails as a login when its provider does', async () => {
    const token = () => Promise.reject(new Error('the token endpoint says 403'))
    const broker = await listenForLogins('OAUTHBEARER', () => '')
    listeners.push(broker)
    const refusal = await refusalOf({
      ...connectionTo(`127.0.0.1:${broker.port}`),
      sasl: { mechanism: 'OAUTHBEARER', token },
      allowPlaintextSasl: true,
    })
    expect(refusal).toMatchObject({ code: 'NOT_AUTHORISED', exit: 'notAuthorised' })
    expect(refusal.message).toContain('403')
  })
})

describe('TLS material', () => {
  it('that cannot be used is named before anything is connected', async () => {
    const tls = { caPem: 'x', certPem: 'not a certificate', keyPem: 'x', checkHostName: true }
    const refusal = await refusalOf({ ...connectionTo('127.0.0.1:1'), tls })
    expect(refusal).toMatchObject({ code: 'TLS_SETTINGS_UNUSABLE', exit: 'badConfig' })
  })
})
