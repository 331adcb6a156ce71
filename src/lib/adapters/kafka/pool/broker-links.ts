import type { ConnectionOptions } from 'node:tls'

import type { KafkaConnection } from '../../../ports/connection.js'
import type { ApiCodec } from '../protocol/api-codec.js'
import { formatAddress } from './broker-address.js'
import type { BrokerAddress } from './broker-address.js'
import { BrokerConnection } from './broker-connection.js'
import { BrokerRequestError } from './broker-request-error.js'
import { refuseSaslOverPlaintext } from './sasl.js'
import { tlsOptions } from './tls-options.js'

/** A broker that hung is not asked again for so long: a command pays its timeout once, an agent once in a round. */
const HUNG_MEMORY_MS = 30_000
/** Other failures are cheap to meet again, but not worth meeting in a burst. */
const FAILED_MEMORY_MS = 1_000

const CLOSED = new BrokerRequestError({
  code: 'UNREACHABLE',
  message: 'the connection was closed by klinic itself',
  sent: true,
})

/** A broker's address and what to call it in messages. */
export interface LinkTarget {
  readonly address: BrokerAddress
  readonly subject: string
}

/** How a connection is opened, and by which of the two to a broker a request goes. */
export interface LinkChoice {
  /** Tries again in spite of a remembered failure. */
  readonly fresh?: boolean
  /**
   * For what the broker passes on to the controller: a broker takes a connection's requests one by one, and what it can
   * answer itself must not wait behind a controller that is silent.
   */
  readonly isPassedOn?: boolean
}

interface Failure {
  readonly error: BrokerRequestError
  readonly forgetAtMs: number
}

/**
 * To each address at most one connection, and one for what is passed on to the controller, opened when first needed, and a
 * memory of those that do not answer.
 */
export class BrokerLinks {
  private readonly connection: KafkaConnection
  private readonly tls: ConnectionOptions | undefined
  private readonly links = new Map<string, Promise<BrokerConnection>>()
  private readonly all = new Set<BrokerConnection>()
  private readonly failures = new Map<string, Failure>()

  constructor(connection: KafkaConnection) {
    refuseSaslOverPlaintext(connection)
    this.connection = connection
    this.tls = connection.tls === undefined ? undefined : tlsOptions(connection.tls)
  }

  /** The open connection to an address, or a new one. */
  async open(target: LinkTarget, choice: LinkChoice = {}): Promise<BrokerConnection> {
    const address = formatAddress(target.address)
    const key = choice.isPassedOn === true ? `${address} to the controller` : address
    const failure = this.failures.get(address)
    if (choice.fresh !== true && failure !== undefined && failure.forgetAtMs > performance.now()) {
      throw failure.error
    }
    const pending = this.links.get(key)
    if (pending !== undefined) {
      const known = await pending
      if (known.isOpen) return known
      this.all.delete(known)
      // Only the first of those who wait opens it again.
      if (this.links.get(key) !== pending) return this.open(target, choice)
    }
    const opening = this.connect(target)
    this.links.set(key, opening)
    try {
      const opened = await opening
      this.failures.delete(address)
      return opened
    } catch (error) {
      this.links.delete(key)
      this.remember(address, error)
      throw error
    }
  }

  /** One request to one address; throws BrokerRequestError. A silent controller is not remembered as a silent broker. */
  async request<Request, Response>(
    target: LinkTarget,
    codec: ApiCodec<Request, Response>,
    request: Request,
    options: LinkChoice & { readonly timeoutMs?: number } = {},
  ): Promise<Response> {
    const link = await this.open(target, options)
    try {
      return await link.request(codec, request, options.timeoutMs)
    } catch (error) {
      if (!(error instanceof BrokerRequestError) || error.code !== 'TIMED_OUT') throw error
      if (options.isPassedOn === true) throw silentForController(error)
      this.remember(formatAddress(target.address), error)
      throw error
    }
  }

  /** Closes every connection at once, also those that are still being opened. */
  close(): Promise<void> {
    for (const link of this.all) link.destroy(CLOSED)
    this.all.clear()
    this.links.clear()
    return Promise.resolve()
  }

  private async connect({ address, subject }: LinkTarget): Promise<BrokerConnection> {
    const { connection, tls } = this
    const link = await BrokerConnection.create(address, { connection, tls, subject })
    this.all.add(link)
    try {
      await link.connect()
      return link
    } catch (error) {
      this.all.delete(link)
      throw error
    }
  }

  private remember(address: string, error: unknown): void {
    if (!(error instanceof BrokerRequestError)) return
    const memoryMs = error.code === 'TIMED_OUT' ? HUNG_MEMORY_MS : FAILED_MEMORY_MS
    // What is remembered was not sent this time.
    const remembered = new BrokerRequestError({
      code: error.code,
      message: error.message,
      sent: false,
      cause: error,
    })
    this.failures.set(address, { error: remembered, forgetAtMs: performance.now() + memoryMs })
  }
}

function silentForController(cause: BrokerRequestError): BrokerRequestError {
  const { code, message, sent } = cause
  return new BrokerRequestError({
    code,
    message: `${message} (it has to ask the controller)`,
    sent,
    cause,
  })
}
