import type { BrokerEvidence } from './evidence.js'
import type { SnapshotMaintenance } from './snapshot-maintenance.js'

/** What a verdict says of a broker: `draining` is alive, but not to be given anything. */
export type BrokerState = 'alive' | 'dead' | 'draining'

/** What a broker can carry; a missing figure means no limit for that resource. Bytes per second and bytes. */
export interface Capacity {
  readonly inBytesPerSec?: number
  readonly outBytesPerSec?: number
  readonly diskBytes?: number
}

/** A log directory as the broker reports it (KIP-827 for the byte figures, Kafka 3.3 and later). */
export interface LogDir {
  readonly path: string
  readonly totalBytes?: number
  readonly usableBytes?: number
  /** Kafka's error name when the directory is offline, for example `KAFKA_STORAGE_ERROR`. */
  readonly error?: string
}

/** A broker of the snapshot. Without a rack it is a rack of its own. */
export interface Broker {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack?: string
  readonly state: BrokerState
  readonly capacity?: Capacity
  readonly logDirs?: readonly LogDir[]
  /** ISO 8601 UTC: when a broker that is not alive was last seen. */
  readonly lastSeen?: string
  /** Registered with the controller, but without a current heartbeat (KRaft, told from Kafka 4.0 on). */
  readonly fenced?: true
  /** Why a registered broker did not answer us (`TIMED_OUT`, `UNREACHABLE`): one signal only, so `state` stays. */
  readonly unreachable?: string
  /** What the state of this broker was looked at with; absent in files where `state` is a verdict. */
  readonly evidence?: BrokerEvidence
}

/**
 * A partition. `replicas[0]` is the preferred leader. Rates are bytes per second; a missing rate is unknown, which is
 * not zero. `bytesOutPerSec` is what consumers read from the leader, without replication.
 */
export interface Partition {
  readonly id: number
  readonly replicas: readonly number[]
  /** Missing: all replicas on live brokers. */
  readonly isr?: readonly number[]
  readonly leader: number | null
  /** Replicas that a reassignment in flight is adding; they stand in `replicas` too. */
  readonly adding?: readonly number[]
  /** Replicas that a reassignment in flight will remove; they stand in `replicas` too. */
  readonly removing?: readonly number[]
  readonly bytesInPerSec?: number
  readonly bytesOutPerSec?: number
  readonly sizeBytes?: number
  /** Log directory of each entry of `replicas`, where known (null where not). */
  readonly logDirs?: readonly (string | null)[]
  /** Replicas that the cluster calls offline although their broker is alive: a failed log directory. */
  readonly offlineReplicas?: readonly number[]
}

/** A topic with its effective `min.insync.replicas`. */
export interface Topic {
  readonly name: string
  /** Topic id as Kafka prints it (22 characters, base64url), from 2.8 on. */
  readonly topicId?: string
  readonly minInsyncReplicas?: number
  readonly partitions: readonly Partition[]
}

/** Which statistic over the window the traffic figures are. */
export type TrafficStatistic = 'max' | 'p95' | 'mean'

/** Where the traffic figures come from, and what their source cannot see. */
export interface TrafficOrigin {
  readonly from: string
  readonly to: string
  readonly statistic: TrafficStatistic
  /** `admin` is the Kafka protocol alone; others come later. */
  readonly source: string
  /** Share (0 to 1) of the out-traffic that the source could not see, where totals tell. */
  readonly unseenShare?: number
  /** What the source cannot see or could not read, one sentence each; shown wherever its figures are shown. */
  readonly notices?: readonly string[]
}

/** A replication throttle found on the cluster (KIP-73): a rate on a broker, or a replica list on a topic. */
export interface ThrottleEntry {
  readonly resource: 'broker' | 'topic'
  /** Broker id as text, empty for the cluster-wide default, or topic name. */
  readonly name: string
  readonly key: string
  readonly value: string
}

/** A part of the cluster that could not be read; whoever decides something on that part has to stop. */
export interface UnreadPart {
  readonly part:
    | 'metadata'
    | 'reassignments'
    | 'log dirs'
    | 'topic configs'
    | 'broker configs'
    | 'controller'
    | 'zookeeper'
  /** `broker 3`, `topic orders`, `cluster`. */
  readonly subject: string
  /** `TIMED_OUT`, `UNREACHABLE`, `NOT_AUTHORISED` or a Kafka error name. */
  readonly code: string
  readonly message: string
}

/** Partitions that brokers hold on disk and that Metadata did not show us: our principal may not see them all. */
export interface PartialView {
  readonly hiddenPartitions: number
  /** The first few, as `topic-partition`. */
  readonly examples: readonly string[]
}

/** A node that a legacy tool left in ZooKeeper; only reported, never written. */
export interface ZooKeeperLeftover {
  readonly path: string
  readonly data: string
}

/** The cluster as read at one moment, with its traffic: `klinic.snapshot/1`. */
export interface Snapshot {
  readonly format: 'klinic.snapshot/1'
  readonly cluster: {
    readonly id: string
    readonly name?: string
    readonly metadata: 'kraft' | 'zookeeper'
    /** Active controller; missing when it could not be determined (never a guess). */
    readonly controller?: number
  }
  /** ISO 8601 UTC. */
  readonly capturedAt: string
  readonly traffic?: TrafficOrigin
  /** Absent: not looked for. */
  readonly maintenance?: SnapshotMaintenance
  readonly brokers: readonly Broker[]
  readonly topics: readonly Topic[]
  readonly throttles?: readonly ThrottleEntry[]
  /** What could not be read, one sentence each; a partial view is never passed off as a whole one. */
  readonly warnings?: readonly string[]
  /** The same as facts: absent when everything was read. */
  readonly unread?: readonly UnreadPart[]
  readonly partialView?: PartialView
  readonly zookeeperLeftovers?: readonly ZooKeeperLeftover[]
}
