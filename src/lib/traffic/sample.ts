import type { Broker, PartialView, UnreadPart, ZooKeeperLeftover } from '../model/snapshot.js'

/** What a partition looked like; told once for each partition, by the sample of the broker that leads it. */
export interface PartitionStateSample {
  readonly replicas: readonly number[]
  /** Null: not known. */
  readonly isr: readonly number[] | null
  readonly leader: number | null
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  readonly offline: readonly number[]
  /** The size that stands for the partition. */
  readonly sizeBytes: number | null
}

/** One replica on the broker of the sample. `bytesIn` and `bytesOut` are those of `coveredMs`; null is unknown. */
export interface ReplicaSample {
  readonly partition: number
  readonly role: 'leader' | 'follower' | 'none'
  readonly sizeBytes: number | null
  readonly logDir: string | null
  readonly logStartOffset: number | null
  readonly logEndOffset: number | null
  /** What is left of the interval after exclusions; 0 when nothing was measured. */
  readonly coveredMs: number
  readonly bytesIn: number | null
  readonly bytesOut: number | null
  /** Was being reassigned at some moment of the interval. */
  readonly reassigning: boolean
  readonly state: PartitionStateSample | null
}

/** A config value that throttles replication. */
export interface ThrottleSample {
  readonly key: string
  readonly value: string
}

/** The replicas of one topic on the broker of the sample. */
export interface TopicSample {
  readonly name: string
  readonly topicId: string | null
  readonly minInsyncReplicas: number | null
  readonly throttles: readonly ThrottleSample[]
  readonly replicas: readonly ReplicaSample[]
}

/** What concerns the reading of the cluster as a whole; told by the first sample of a collection. */
export interface ReadingRemarks {
  readonly warnings: readonly string[]
  readonly unread: readonly UnreadPart[]
  readonly partialView: PartialView | null
  readonly zookeeperLeftovers: readonly ZooKeeperLeftover[]
}

/**
 * One broker's measurements over one interval. All samples of one collection share cluster, source and times, and each
 * names all brokers of the collection, so that a missing one is noticed. A large sample is split into `parts` by topics.
 */
export interface BrokerSample {
  readonly clusterId: string
  readonly clusterName: string | null
  readonly mode: 'kraft' | 'zookeeper'
  readonly controllerId: number | null
  readonly source: string
  readonly fromMs: number
  readonly toMs: number
  /** When the state of the cluster was read. */
  readonly capturedAtMs: number
  /** All brokers of the collection, ascending. */
  readonly brokerIds: readonly number[]
  /** From 0 on. */
  readonly part: number
  readonly parts: number
  readonly broker: Broker
  readonly throttles: readonly ThrottleSample[]
  /** Throttles that are defaults of all brokers. */
  readonly clusterThrottles: readonly ThrottleSample[]
  readonly topics: readonly TopicSample[]
  readonly remarks: ReadingRemarks | null
  /** What the source cannot see. */
  readonly notices: readonly string[]
}
