/** Who works on a cluster, as others are told. */
export interface LockOwner {
  readonly user: string
  readonly host: string
  readonly pid: number
  /** ISO 8601 UTC. */
  readonly since: string
  readonly what: string
}

/** What `lock show` prints: the lock of all hosts, and that of this host, which stands in addition. */
export interface LockStatus {
  readonly clusterId: string
  readonly holder: LockOwner | null
  readonly onThisHost: LockOwner | null
}

/** What `lock break` prints. */
export interface BrokenLock {
  readonly clusterId: string
  /** Who had it; null when nobody did. */
  readonly broken: LockOwner | null
}
