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
    /** Big-endian 64-bit milliseconds of the last change of its data. */
    readonly mtime: Buffer
    /** Big-endian 64-bit transaction that made the node. */
    readonly czxid: Buffer
    /** Counts the changes of its data. */
    readonly version: number
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
    create(
      path: string,
      data: Buffer,
      acls: readonly object[],
      mode: number,
      callback: (error: Exception | null, path?: string) => void,
    ): void
    setData(
      path: string,
      data: Buffer,
      callback: (error: Exception | null, stat?: Stat) => void,
    ): void
    remove(path: string, version: number, callback: (error: Exception | null) => void): void
  }

  const zookeeper: {
    createClient(
      connectString: string,
      options: { sessionTimeout: number; spinDelay: number; retries: number },
    ): Client
    readonly ACL: { readonly OPEN_ACL_UNSAFE: object[]; readonly CREATOR_ALL_ACL: object[] }
    readonly CreateMode: { readonly PERSISTENT: number; readonly EPHEMERAL: number }
  }
  export default zookeeper
}
