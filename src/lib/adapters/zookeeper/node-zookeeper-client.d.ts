/**
 * The part of node-zookeeper-client 1.1.3 (pinned) that we use; the package ships no types. `connectionManager` is
 * private there, and needed: nothing else tells why a connection failed or ends one whose server hangs.
 */
declare module 'node-zookeeper-client' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'

  /** An error that the server answered with. */
  export interface Exception extends Error {
    readonly code: number
    getName(): string
  }

  /** What ZooKeeper knows of a node besides its data. */
  export interface Stat {
    /** Big-endian 64-bit milliseconds. */
    readonly ctime: Buffer
  }

  /** The private half of a client: sockets, retries, packet queue. */
  export interface ConnectionManager {
    state: number
    socket?: Socket
    connectTimeoutHandler: NodeJS.Timeout | null
    servers: readonly { readonly host: string; readonly port: string | number }[]
    onSocketData(buffer: Buffer): void
    onSocketError(error: Error): void
  }

  /** A session with an ensemble, reconnecting by itself for ever. */
  export interface Client extends EventEmitter {
    readonly connectionManager: ConnectionManager
    connect(): void
    close(): void
    getState(): { readonly name: string }
    addAuthInfo(scheme: string, auth: Buffer): void
    getData(
      path: string,
      callback: (error: Exception | null, data?: Buffer, stat?: Stat) => void,
    ): void
    getChildren(
      path: string,
      callback: (error: Exception | null, children?: string[]) => void,
    ): void
    create(
      path: string,
      data: Buffer,
      callback: (error: Exception | null, path?: string) => void,
    ): void
  }

  const zookeeper: {
    createClient(
      connectString: string,
      options: { sessionTimeout: number; spinDelay: number; retries: number },
    ): Client
  }
  export default zookeeper
}
