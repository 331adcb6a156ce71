/** What came of a TCP connection to a broker's advertised address. */
export type PortState = 'open' | 'refused' | 'timed-out' | 'unreachable'

/** What a broker carried when its traffic was last measured. Bytes per second. */
export interface MeasuredTraffic {
  /** ISO 8601 UTC: the end of the interval that was measured. */
  readonly at: string
  readonly inBytesPerSec: number
  readonly outBytesPerSec: number
}

/**
 * What was found out about one broker, signal by signal; a missing member was not looked at, which speaks neither for nor
 * against it. Failed log directories and replicas in sync stand elsewhere in the snapshot. Times are ISO 8601 in UTC.
 */
export interface BrokerEvidence {
  /** `fenced`: known to the KRaft controller, without a current heartbeat. */
  readonly registered?: 'yes' | 'fenced' | 'no'
  /** ZooKeeper only: the start of the broker's session. */
  readonly registeredAt?: string
  readonly port?: PortState
  /** Port 22 of its host, looked at only when its own port timed out: open or refused, the host is alive. */
  readonly sshPort?: PortState
  /** `answered`, or why an API call of its own was not answered in time (`TIMED_OUT`, `UNREACHABLE`). */
  readonly api?: string
  /** First seen without a registration, and ever since. */
  readonly awayAt?: string
  /** First seen answering nothing, and ever since. */
  readonly silentAt?: string
  /** First seen with replicas out of sync although it is there, and ever since. */
  readonly behindAt?: string
  /** First seen back after it was away. */
  readonly returnedAt?: string
  /** The end of its newest sample in the stats topic. */
  readonly lastSampleAt?: string
  readonly traffic?: MeasuredTraffic
}
