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

/** A broker's address and what to call it in messages. */
export interface LinkTarget {
  readonly address: BrokerAddress
  readonly subject: string
}

interface Failure {
  readonly error: BrokerRequestError
  readonly forgetAtMs: number
}

/** At most one connection to each address, opened when first needed, and a memory of those that do not answer. */
export class BrokerLinks {
  private readonly connection: KafkaConnection
  private readonly tls: ConnectionOptions | undefined
  private readonly links = new Map<string, Promise<BrokerConnection>>()
  private readonly failures = new Map<string, Failure>()

  constructor(connection: KafkaConnection) {
    refuseSaslOverPlaintext(connection)
    this.connection = connection
    this.tls = connection.tls === undefined ? undefined : tlsOptions(connection.tls)
  }

  /** The open connection to an address, or a new one. `fresh` tries again in spite of what is remembered. */
  async open(target: LinkTarget, fresh = false): Promise<BrokerConnection> {
    const key = formatAddress(target.address)
    const failure = this.failures.get(key)
    if (!fresh && failure !== undefined && failure.forgetAtMs > performance.now()) {
      throw failure.error
    }
    const known = await this.links.get(key)
    if (known?.isOpen === true) return known
    const { connection, tls } = this
    const opening = BrokerConnection.open(target.address, {
      connection,
      tls,
      subject: target.subject,
    })
    this.links.set(key, opening)
    try {
      const opened = await opening
      this.failures.delete(key)
      return opened
    } catch (error) {
      this.links.delete(key)
      this.remember(key, error)
      throw error
    }
  }

  /** One request to one address; throws BrokerRequestError. */
  async request<Request, Response>(
    target: LinkTarget,
    codec: ApiCodec<Request, Response>,
    request: Request,
    options: { readonly timeoutMs?: number; readonly fresh?: boolean } = {},
  ): Promise<Response> {
    const link = await this.open(target, options.fresh)
    try {
      return await link.request(codec, request, options.timeoutMs)
    } catch (error) {
      if (error instanceof BrokerRequestError && error.code === 'TIMED_OUT') {
        this.remember(formatAddress(target.address), error)
      }
      throw error
    }
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    const settled = await Promise.allSettled(this.links.values())
    for (const result of settled) {
      if (result.status === 'fulfilled') result.value.destroy()
    }
    this.links.clear()
  }

  private remember(key: string, error: unknown): void {
    if (!(error instanceof BrokerRequestError)) return
    const memoryMs = error.code === 'TIMED_OUT' ? HUNG_MEMORY_MS : FAILED_MEMORY_MS
    // What is remembered was not sent this time.
    const remembered = new BrokerRequestError({
      code: error.code,
      message: error.message,
      sent: false,
      cause: error,
    })
    this.failures.set(key, { error: remembered, forgetAtMs: performance.now() + memoryMs })
  }
}
