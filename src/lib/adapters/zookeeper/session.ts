import zookeeper, { type Client, type Exception } from 'node-zookeeper-client'
import { OperatorError } from '../../errors/operator-error.js'
import type { ZooKeeperConnection } from '../../ports/connection.js'
import { parseConnectString, type ConnectString } from './connect-string.js'
import { endConnection, guardConnection } from './guard-connection.js'
import { fromException, notAuthorised, unreachable, ZK } from './zookeeper-errors.js'

/** How a request hands itself to the client library. */
type Request<T> = (client: Client, done: (error: Exception | null, value?: T) => void) => void

const SPIN_DELAY_MS = 50
const CLOSE_TIMEOUT_MS = 500

/**
 * A session whose every wait ends. The client library never reports a server that is gone and goes on believing in a
 * session that it lost, so each call has our deadline, and the first one to miss it ends the session: later calls fail
 * at once instead of waiting again.
 */
export class ZooKeeperSession {
  readonly #connection: ZooKeeperConnection
  readonly #address: ConnectString
  readonly #client: Client
  readonly #waiting = new Set<(error: OperatorError) => void>()
  #connected: Promise<void> | undefined
  #broken: OperatorError | undefined

  constructor(connection: ZooKeeperConnection) {
    this.#connection = connection
    this.#address = parseConnectString(connection.connectString)
    this.#client = zookeeper.createClient(this.#address.text, {
      sessionTimeout: connection.sessionTimeoutMs,
      spinDelay: SPIN_DELAY_MS,
      retries: 0,
    })
  }

  /** Servers as given, for messages. */
  get address(): string {
    return this.#address.text
  }

  /** True when it logs in: what it makes is then for that user alone. */
  get hasLogin(): boolean {
    return this.#connection.digest !== undefined
  }

  /** Sends one request; `what` completes "asked to …". Null when the node does not exist. */
  async request<T>(what: string, send: Request<T>): Promise<T | null> {
    await this.#connect()
    return this.#underDeadline<T | null>(what, (resolve, reject) => {
      send(this.#client, (error, value) => {
        if (error === null) resolve(value ?? null)
        else if (error.code === ZK.noNode) resolve(null)
        else reject(fromException(error, what, this.#address.servers))
      })
    })
  }

  /** Says good-bye where somebody listens, and ends the connection either way. */
  async close(): Promise<void> {
    if (this.#connected === undefined) return
    if (this.#broken === undefined) {
      this.#broken = unreachable(this.#address.servers, 'the session was closed')
      const gone = new Promise<void>((resolve) => {
        this.#client.once('disconnected', resolve)
        setTimeout(resolve, CLOSE_TIMEOUT_MS).unref()
      })
      this.#client.close()
      await gone
    }
    endConnection(this.#client, SPIN_DELAY_MS)
  }

  #connect(): Promise<void> {
    this.#connected ??= this.#underDeadline('connect', (resolve, reject) => {
      guardConnection(this.#client, this.#address.servers, (error) => this.#break(error))
      this.#client.once('connected', resolve)
      this.#client.once('authenticationFailed', () => reject(notAuthorised('log in')))
      this.#client.once('expired', () =>
        this.#break(unreachable(this.#address.servers, 'the session expired')),
      )
      const { digest } = this.#connection
      if (digest !== undefined) {
        const credentials = Buffer.from(`${digest.username}:${digest.password}`)
        this.#client.addAuthInfo('digest', credentials)
      }
      this.#client.connect()
    })
    return this.#connected
  }

  /** Runs `start` until it settles, the session breaks, or the deadline passes (which breaks the session). */
  #underDeadline<T>(
    what: string,
    start: (resolve: (value: T) => void, reject: (error: OperatorError) => void) => void,
  ): Promise<T> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    const { operationTimeoutMs } = this.#connection
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(fail)
      }
      const fail = (error: OperatorError): void => {
        settle()
        reject(error)
      }
      const timer = setTimeout(() => {
        const why = `no answer within ${operationTimeoutMs} ms when asked to ${what}`
        this.#break(unreachable(this.#address.servers, why))
      }, operationTimeoutMs)
      this.#waiting.add(fail)
      try {
        start((value) => {
          settle()
          resolve(value)
        }, fail)
      } catch (error) {
        // The library asserts its arguments (a path, or data above 1 MiB) synchronously.
        fail(refusedByClient(what, error))
      }
    })
  }

  #break(error: OperatorError): void {
    this.#broken ??= error
    for (const fail of [...this.#waiting]) fail(this.#broken)
    endConnection(this.#client, SPIN_DELAY_MS)
  }
}

function refusedByClient(what: string, error: unknown): OperatorError {
  return new OperatorError({
    code: 'ZOOKEEPER_REQUEST_INVALID',
    message: `ZooKeeper was not asked to ${what}: ${error instanceof Error ? error.message : String(error)}`,
    exit: 'failed',
    cause: error,
  })
}
