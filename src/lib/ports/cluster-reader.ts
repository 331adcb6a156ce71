import type { AccessFacts } from '../health/access/access-facts.js'
import type { TopicPartition } from '../model/topic-partition.js'

/** An answer from one broker, or why there is none. A broker that hangs costs its timeout once per connection. */
export type BrokerAnswer<T> =
  | { readonly brokerId: number; readonly ok: true; readonly value: T }
  | { readonly brokerId: number; readonly ok: false; readonly failure: BrokerFailure }

/** Why a broker did not answer: `code` is `UNREACHABLE`, `TIMED_OUT`, `NOT_AUTHORISED` or a Kafka error name. */
export interface BrokerFailure {
  readonly code: string
  readonly message: string
}

/** A broker as Metadata lists it: registered and unfenced at that moment. */
export interface RegisteredBroker {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack?: string
}

/** A partition as Metadata reports it. `error` is Kafka's error name (`LEADER_NOT_AVAILABLE`), absent when fine. */
export interface PartitionMetadata {
  readonly id: number
  readonly leader: number | null
  readonly leaderEpoch?: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offlineReplicas: readonly number[]
  readonly error?: string
}

/** A topic as Metadata reports it. */
export interface TopicMetadata {
  readonly name: string
  /** 22 characters base64url; absent before Kafka 2.8 metadata. */
  readonly topicId?: string
  readonly internal: boolean
  readonly error?: string
  readonly partitions: readonly PartitionMetadata[]
}

/** The cluster's own view of itself. */
export interface ClusterMetadata {
  readonly clusterId: string
  readonly mode: 'kraft' | 'zookeeper'
  /** The true active controller: from the quorum in KRaft, from Metadata with ZooKeeper; null when unknown. */
  readonly controllerId: number | null
  readonly brokers: readonly RegisteredBroker[]
  /** Brokers registered but fenced (KIP-1073, Kafka 4.0 and later); empty where the cluster cannot tell. */
  readonly fencedBrokerIds: readonly number[]
  /** The same with their addresses and racks, where the cluster tells. */
  readonly fencedBrokers?: readonly RegisteredBroker[]
  /** The broker that gave this answer, where known. */
  readonly answeredBy?: number
  readonly topics: readonly TopicMetadata[]
}

/** A reassignment in flight (KIP-455). `replicas` is the union, target first. */
export interface ReassignmentInFlight extends TopicPartition {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

/** Where a config value comes from, by Kafka's `ConfigSource` names. */
export type ConfigSource =
  | 'UNKNOWN'
  | 'DYNAMIC_TOPIC'
  | 'DYNAMIC_BROKER'
  | 'DYNAMIC_DEFAULT_BROKER'
  | 'STATIC_BROKER'
  | 'DEFAULT'
  | 'DYNAMIC_BROKER_LOGGER'
  | 'DYNAMIC_CLIENT_METRICS'
  | 'DYNAMIC_GROUP'

/** One effective config value; sensitive values are null. */
export interface ConfigValue {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
  readonly sensitive: boolean
}

/** A topic, a broker, or (`name` empty) the cluster-wide broker defaults. */
export interface ConfigResource {
  readonly type: 'topic' | 'broker'
  readonly name: string
}

/** The configs of one resource, or Kafka's error for it. */
export interface ResourceConfigs {
  readonly resource: ConfigResource
  readonly error?: { readonly code: string; readonly message: string }
  readonly values: readonly ConfigValue[]
}

/** A replica in a log directory. `offsetLag` is 0 when caught up; `future` replicas are moves between directories. */
export interface LogDirReplica extends TopicPartition {
  readonly sizeBytes: number
  readonly offsetLag: number
  readonly future: boolean
}

/** One log directory of a broker. The byte figures need Kafka 3.3 (KIP-827). */
export interface BrokerLogDir {
  readonly path: string
  readonly error?: string
  readonly totalBytes?: number
  readonly usableBytes?: number
  readonly replicas: readonly LogDirReplica[]
}

/** An offset of a partition, or Kafka's error name for it (for example while it has no leader). */
export type OffsetAnswer =
  | (TopicPartition & { readonly ok: true; readonly offset: number; readonly timestampMs: number })
  | (TopicPartition & { readonly ok: false; readonly error: string })

/** Which offset: the first kept, the next to be written, or the first at or after a time. */
export type OffsetSpec = 'earliest' | 'latest' | { readonly timestampMs: number }

/** A consumer group with its state (`Stable`, `Empty`, `PreparingRebalance`, …). */
export interface GroupSummary {
  readonly groupId: string
  readonly state: string
  readonly protocolType: string
}

/** A committed offset of a group. */
export interface CommittedOffset extends TopicPartition {
  readonly groupId: string
  readonly offset: number
}

/** The KRaft quorum (KIP-595): `leaderId` is the active controller. */
export interface QuorumState {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly voters: readonly QuorumVoter[]
  readonly observers: readonly { readonly id: number; readonly logEndOffset: number }[]
  /** Where voters listen, told from Kafka 3.9 on (KIP-853). */
  readonly nodes?: readonly { readonly id: number; readonly host: string }[]
}

/** How far a voter has come. */
export interface QuorumVoter {
  readonly id: number
  readonly logEndOffset: number
  /** When it was last level with the leader, by the leader's clock (KIP-836, Kafka 3.3); Unix milliseconds. */
  readonly lastCaughtUpMs?: number
}

/** Everything that reads a Kafka cluster. Each call has its own deadline; none throws for a single sick broker. */
export interface ClusterReader {
  /**
   * Throws an OperatorError (exit 69 or 77) when no broker answers. `topics`: default all. `fromBroker`: asks that
   * broker alone, for a second opinion (throws when it does not answer).
   */
  readMetadata(options?: {
    readonly topics?: readonly string[]
    readonly fromBroker?: number
  }): Promise<ClusterMetadata>
  readReassignments(): Promise<readonly ReassignmentInFlight[]>
  /** `keys` restricts the answer; absent means every key. Broker resources are asked of that broker itself. */
  readConfigs(
    resources: readonly ConfigResource[],
    keys?: readonly string[],
  ): Promise<readonly ResourceConfigs[]>
  /** `onAnswer` learns of each broker that answers, when it does. */
  readLogDirs(
    brokerIds: readonly number[],
    onAnswer?: (brokerId: number) => void,
  ): Promise<readonly BrokerAnswer<readonly BrokerLogDir[]>[]>
  readOffsets(
    partitions: readonly TopicPartition[],
    spec: OffsetSpec,
  ): Promise<readonly OffsetAnswer[]>
  /** Where the log of each replica ends, by `topic-partition`, asked of the very broker that holds it. */
  readLogEnds(
    partitionsOf: ReadonlyMap<number, readonly TopicPartition[]>,
  ): Promise<readonly BrokerAnswer<ReadonlyMap<string, number>>[]>
  /** Groups by asking every broker; coordinators that do not answer are in the failures. */
  readGroups(): Promise<readonly BrokerAnswer<readonly GroupSummary[]>[]>
  readCommittedOffsets(groupIds: readonly string[]): Promise<{
    readonly offsets: readonly CommittedOffset[]
    readonly failures: readonly {
      readonly groupId: string
      readonly code: string
      readonly message: string
    }[]
  }>
  /** Null with ZooKeeper. */
  readQuorum(): Promise<QuorumState | null>
  /** What our principal may do, by Kafka's own word; readers that cannot tell leave it out. Topics are asked for by name. */
  readAccess?(groupIds: readonly string[], topics?: readonly string[]): Promise<AccessFacts>
  /** A direct, cheap request to one broker: does it answer by itself, and how fast? */
  pingBroker(brokerId: number): Promise<BrokerAnswer<{ readonly roundTripMs: number }>>
  close(): Promise<void>
}
