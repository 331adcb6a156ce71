import type { PortState } from '../model/evidence.js'

/** Where a broker listens, as it advertises it. */
export interface ProbeTarget {
  readonly host: string
  readonly port: number
}

/** Looks at one broker by its address, whatever the cluster says of it. Each look has a deadline; none throws. */
export interface BrokerProbe {
  /** A bare TCP connection, closed at once. */
  connect(target: ProbeTarget): Promise<PortState>
  /** A Kafka request of its own: `answered`, or why not (`TIMED_OUT`, `UNREACHABLE`). */
  ask(target: ProbeTarget): Promise<string>
}
