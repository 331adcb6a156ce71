/** The parts of kafkajs 2.2.4 that we take from inside the package (it has no `exports` map; its version is pinned). */
declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net'

  /** What kafkajs reads of the encoder that it expects from `encode`. */
  interface EncodedBody {
    readonly buf: Uint8Array
    readonly buffer: Uint8Array
  }

  interface SendOptions {
    readonly request: {
      readonly apiKey: number
      readonly apiVersion: number
      readonly apiName: string
      encode(): Promise<EncodedBody>
    }
    readonly response: {
      decode(payload: Uint8Array): Promise<Uint8Array>
      parse(payload: Uint8Array): Promise<Uint8Array>
    }
  }

  interface Logger {
    namespace(): Logger
    error(): void
    warn(): void
    info(): void
    debug(): void
  }

  interface ConnectionOptions {
    readonly host: string
    readonly port: number
    readonly clientId: string
    readonly logger: Logger
    readonly socketFactory: (options: { readonly onConnect: () => void }) => Socket
    readonly requestTimeout: number
    readonly connectionTimeout: number
    readonly enforceRequestTimeout: boolean
    readonly sasl: object | null
  }

  /** Framing, correlation of answers, and SASL with renewal. */
  export default class Connection {
    constructor(options: ConnectionOptions)
    connect(): Promise<true>
    authenticate(): Promise<void>
    send(options: SendOptions): Promise<Uint8Array>
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void
    setSupportAuthenticationProtocol(isSupported: boolean): void
    rejectRequests(error: Error): void
    readonly requestQueue: { destroy(): void; scheduleCheckPendingRequests(): void }
  }
}
