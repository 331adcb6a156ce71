import type { BrokerEvidence, PortState } from '../model/evidence.js'

/** Where a broker listens, as it advertises it. */
export interface ProbeTarget {
  readonly host: string
  readonly port: number
}

/** What came of a connection, and what of one to its host where the first got no answer at all. */
export interface PortLook extends Pick<BrokerEvidence, 'sshPort'> {
  readonly port: PortState
}

/** Looks at one broker by its address, whatever the cluster says of it. Each look has a deadline; none throws. */
export interface BrokerProbe {
  /** A bare TCP connection, closed at once; when its port swallows it, one to port 22 of the same host. */
  connect(target: ProbeTarget): Promise<PortLook>
  /** A Kafka request of its own: `answered`, or why not (`TIMED_OUT`, `UNREACHABLE`). */
  ask(target: ProbeTarget): Promise<string>
}
