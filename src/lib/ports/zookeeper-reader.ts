/** A broker as registered under `/brokers/ids`. */
export interface ZooKeeperBroker {
  readonly id: number
  readonly endpoints: readonly string[]
  readonly rack?: string
  /** When the registration (an ephemeral node) was made: the start of the broker's session. */
  readonly registeredAtMs: number
}

/** What only ZooKeeper knows of a cluster. */
export interface ZooKeeperView {
  readonly clusterId: string
  readonly controllerId: number | null
  readonly brokers: readonly ZooKeeperBroker[]
  /** Nodes that legacy tools left in `/admin`: path and data (never written by us). */
  readonly leftovers: readonly { readonly path: string; readonly data: string }[]
}

/** Reads ZooKeeper; every call has a deadline of ours, since the client library never reports a lost server. */
export interface ZooKeeperReader {
  readCluster(): Promise<ZooKeeperView>
  close(): Promise<void>
}
