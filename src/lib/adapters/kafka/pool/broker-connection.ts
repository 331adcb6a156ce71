import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

import type Connection from 'kafkajs/src/network/connection.js'

import type { KafkaConnection } from '../../../ports/connection.js'
import type { ApiCodec } from '../protocol/api-codec.js'
import { decodeResponse, encodeRequest } from '../protocol/api-codec.js'
import type { ApiVersionRange } from '../protocol/apis/api-versions.js'
import type { BrokerAddress } from './broker-address.js'
import { BrokerRequestError } from './broker-request-error.js'
import { classifyFailure } from './classify-failure.js'
import type { FailureContext } from './classify-failure.js'
import { withDeadline } from './deadline.js'
import { negotiate } from './negotiate.js'
import { openSocket } from './open-socket.js'
import { toKafkajsSasl } from './sasl.js'

/** How to connect: the settings of the cluster with the TLS context already built. */
export interface ConnectOptions {
  readonly connection: KafkaConnection
  readonly tls: ConnectionOptions | undefined
  /** `broker 3 (host:9092)`, for messages. */
  readonly subject: string
}

const SILENT = {
  namespace: () => SILENT,
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
}

/**
 * One authenticated connection to one broker. kafkajs does framing, correlation and SASL; deadlines, versions, codecs
 * and the meaning of failures are ours. After a failure the connection is closed for good.
 */
export class BrokerConnection {
  readonly subject: string
  private readonly inner: Connection
  private readonly options: ConnectOptions
  private socket: Socket | undefined
  private versions: ReadonlyMap<number, ApiVersionRange> = new Map()
  private readonly closed: Promise<never>
  private rejectClosed: (error: Error) => void = () => undefined
  private broken = false
  private socketError: Error | undefined

  private constructor(Inner: typeof Connection, address: BrokerAddress, options: ConnectOptions) {
    this.options = options
    this.subject = options.subject
    this.closed = new Promise((_resolve, reject) => {
      this.rejectClosed = reject
    })
    this.closed.catch(() => undefined)
    const { clientId, connectTimeoutMs, requestTimeoutMs, sasl } = options.connection
    this.inner = new Inner({
      host: address.host,
      port: address.port,
      clientId,
      logger: SILENT,
      requestTimeout: requestTimeoutMs,
      connectionTimeout: connectTimeoutMs,
      enforceRequestTimeout: false,
      sasl: sasl === undefined ? null : toKafkajsSasl(sasl),
      socketFactory: ({ onConnect }) => this.watch(openSocket(address, options.tls, onConnect)),
    })
    // With nothing to check (we never queue requests) it calls itself each millisecond for as long as the connection is
    // open: 3 % of a core for each broker.
    this.inner.requestQueue.scheduleCheckPendingRequests = () => undefined
  }

  /** A connection that is not connected yet. */
  static async create(address: BrokerAddress, options: ConnectOptions): Promise<BrokerConnection> {
    // Its debug mode prints raw buffers, passwords included.
    delete process.env['KAFKAJS_DEBUG_PROTOCOL_BUFFERS']
    delete process.env['KAFKAJS_DEBUG_EXTENDED_PROTOCOL_BUFFERS']
    const { default: Inner } = await import('kafkajs/src/network/connection.js')
    return new BrokerConnection(Inner, address, options)
  }

  /** Connects, negotiates versions and authenticates, all within `connectTimeoutMs`; throws BrokerRequestError. */
  async connect(): Promise<void> {
    try {
      await this.guarded(this.establish(), this.options.connection.connectTimeoutMs)
    } catch (error) {
      this.destroy()
      throw error
    }
  }

  get isOpen(): boolean {
    return !this.broken
  }

  /** The highest version of an API that both sides speak, or null. */
  versionFor(codec: ApiCodec<never, unknown>): number | null {
    const range = this.versions.get(codec.apiKey)
    if (range === undefined) return null
    const version = Math.min(range.maxVersion, codec.maxVersion)
    return version >= Math.max(range.minVersion, codec.minVersion) ? version : null
  }

  /** Sends one request and decodes its answer within `timeoutMs`; throws BrokerRequestError. */
  async request<Request, Response>(
    codec: ApiCodec<Request, Response>,
    request: Request,
    timeoutMs = this.options.connection.requestTimeoutMs,
  ): Promise<Response> {
    const version = this.versionFor(codec)
    if (version === null) throw unsupported(codec, this.subject)
    const context = this.context('request', true)
    try {
      const answer = this.exchange(codec, request, version)
      return await this.guarded(answer, timeoutMs, context)
    } catch (error) {
      const failure = this.explain(error, context)
      this.destroy(failure)
      throw failure
    }
  }

  /** Closes at once; requests on their way fail for the same reason. */
  destroy(reason?: BrokerRequestError): void {
    this.broken = true
    if (reason !== undefined) this.rejectClosed(reason)
    this.inner.requestQueue.destroy()
    this.socket?.destroy()
  }

  private async establish(): Promise<void> {
    const connecting = this.context('connect', false)
    try {
      await this.inner.connect()
      this.versions = await negotiate(this.subject, (codec, body, version) =>
        this.exchange(codec, body, version),
      )
    } catch (error) {
      throw this.explain(error, connecting)
    }
    this.inner.setVersions(Object.fromEntries(this.versions))
    this.inner.setSupportAuthenticationProtocol(true)
    try {
      await this.inner.authenticate()
    } catch (error) {
      throw this.explain(error, this.context('authenticate', false))
    }
  }

  private async exchange<Request, Response>(
    codec: ApiCodec<Request, Response>,
    request: Request,
    version: number,
  ): Promise<Response> {
    const body = encodeRequest(codec, request, version)
    const payload = await this.inner.send({
      request: {
        apiKey: codec.apiKey,
        apiVersion: version,
        apiName: codec.name,
        encode: () => Promise.resolve({ buf: body, buffer: body }),
      },
      response: {
        decode: (bytes) => Promise.resolve(bytes),
        parse: (bytes) => Promise.resolve(bytes),
      },
    })
    return decodeResponse(codec, payload, version)
  }

  /** Waits for `work`, but neither beyond the deadline nor beyond the life of the socket. */
  private async guarded<T>(
    work: Promise<T>,
    timeoutMs: number,
    context: FailureContext = this.context('connect', false),
  ): Promise<T> {
    const race = Promise.race([work, this.closed])
    return withDeadline(
      race,
      timeoutMs,
      () =>
        new BrokerRequestError({
          code: 'TIMED_OUT',
          message: `${this.subject} did not answer within ${timeoutMs / 1000} s`,
          sent: context.sent,
        }),
    ).catch((error: unknown) => {
      throw this.explain(error, context)
    })
  }

  /** kafkajs wraps what the socket said; the socket's own words tell more. */
  private explain(error: unknown, context: FailureContext): BrokerRequestError {
    const isOurs = error instanceof BrokerRequestError
    return classifyFailure(isOurs ? error : (this.socketError ?? error), context)
  }

  private context(phase: FailureContext['phase'], sent: boolean): FailureContext {
    return { subject: this.subject, phase, sent, usesTls: this.options.tls !== undefined }
  }

  private watch(socket: Socket): Socket {
    this.socket = socket
    socket.on('error', (error) => {
      this.socketError = error
    })
    socket.on('close', () => {
      this.broken = true
      this.rejectClosed(this.socketError ?? Object.assign(new Error(), { code: 'CLOSED' }))
    })
    return socket
  }
}

function unsupported(codec: ApiCodec<never, unknown>, subject: string): BrokerRequestError {
  return new BrokerRequestError({
    code: 'UNSUPPORTED_VERSION',
    message: `${subject} does not offer ${codec.name} in a version from ${codec.minVersion} to ${codec.maxVersion}`,
    sent: false,
  })
}
