import type { NewTopic } from '../model/own-topic.js'
import type { TopicPartition } from '../model/topic-partition.js'
import type { ConfigResource } from './cluster-reader.js'

/** Outcome of one item of a request. A lost answer is `unknown`: read the state again, then decide. */
export type WriteOutcome =
  | { readonly status: 'ok' }
  | { readonly status: 'refused'; readonly code: string; readonly message: string }
  | { readonly status: 'unknown'; readonly message: string }

/** A wanted replica list; null reverts a reassignment in flight (dangerous with ZooKeeper: KAFKA-14424). */
export interface ReassignmentRequest extends TopicPartition {
  readonly replicas: readonly number[] | null
  /** False asks the broker to refuse a changed replication factor (KIP-860, Kafka 4.1 and later). */
  readonly allowReplicationFactorChange: boolean
}

/** One change of a config value (KIP-339). `append` and `subtract` work on list values. */
export interface ConfigChange {
  readonly resource: ConfigResource
  readonly name: string
  readonly op: 'set' | 'delete' | 'append' | 'subtract'
  /** Absent for `delete`. */
  readonly value?: string
}

/** Everything that changes a Kafka cluster. Only commands that were confirmed are handed one. */
export interface ClusterWriter {
  /** Outcomes stand in the order of the requests (at most 100 partitions a request are sent at once). */
  submitReassignments(requests: readonly ReassignmentRequest[]): Promise<readonly WriteOutcome[]>
  /** Preferred election (KIP-460), never unclean; `ELECTION_NOT_NEEDED` is ok. Order of the partitions given. */
  electPreferredLeaders(partitions: readonly TopicPartition[]): Promise<readonly WriteOutcome[]>
  /** Incremental only; one outcome for each distinct resource, in order of first appearance. */
  alterConfigs(
    changes: readonly ConfigChange[],
    options?: { readonly validateOnly?: boolean },
  ): Promise<readonly { readonly resource: ConfigResource; readonly outcome: WriteOutcome }[]>
  createTopic(topic: NewTopic): Promise<WriteOutcome>
  close(): Promise<void>
}
