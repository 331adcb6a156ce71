import { inSyncReplicas, outOfSyncReplicas } from '../model/partition-state.js'
import { diagnose, type Diagnosis, type DiagnosisOptions } from './diagnose.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import type { Broker, Partition, Snapshot, Topic } from '../model/snapshot.js'

/** A partition with what the checks ask of it. */
export interface PartitionView {
  /** `orders-3` */
  readonly name: string
  readonly topic: Topic
  readonly partition: Partition
  readonly isr: readonly number[]
  readonly outOfSync: readonly number[]
}

/** A snapshot, prepared once for all checks. */
export interface HealthView extends Diagnosis {
  readonly snapshot: Snapshot
  readonly brokers: ReadonlyMap<number, Broker>
  readonly partitions: readonly PartitionView[]
}

/** Prepares a snapshot for the checks. */
export function viewHealth(snapshot: Snapshot, options: DiagnosisOptions = {}): HealthView {
  const brokers = new Map(snapshot.brokers.map((broker) => [broker.id, broker]))
  const partitions = snapshot.topics.flatMap((topic) =>
    topic.partitions.map((partition) => ({
      name: topicPartitionKey(topic.name, partition.id),
      topic,
      partition,
      isr: inSyncReplicas(partition, brokers),
      outOfSync: outOfSyncReplicas(partition, brokers),
    })),
  )
  return { snapshot, brokers, partitions, ...diagnose(snapshot, options) }
}

/** Why a broker cannot be counted on, in words for a message; null when nothing is known against it. */
export function troubleOf(broker: Broker | undefined): string | null {
  if (broker === undefined) return 'is not registered'
  if (broker.fenced === true) return 'is registered but fenced'
  if (broker.state === 'dead') return 'is not registered'
  if (broker.unreachable !== undefined) return `does not answer (${broker.unreachable})`
  const failed = (broker.logDirs ?? []).find((dir) => dir.error !== undefined)
  return failed === undefined ? null : `has a failed log directory (${failed.path})`
}
