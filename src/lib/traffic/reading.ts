import type { TopicPartition } from '../model/topic-partition.js'

/**
 * What the protocol says of one partition at one moment. Figures that could not be read are missing. Offsets and
 * sizes come from different requests, so each has its own time (ms since the epoch).
 */
export interface PartitionReading extends TopicPartition {
  readonly topicId?: string
  readonly leader: number | null
  readonly leaderEpoch?: number
  readonly reassigning: boolean
  /** First offset that is kept. */
  readonly logStartOffset?: number
  /** High watermark: the next offset that a consumer would be given. */
  readonly logEndOffset?: number
  readonly offsetsAtMs: number
  /** Bytes of the log by broker; the leader's is missing when the log start moved while it was read. */
  readonly replicaSizes: ReadonlyMap<number, number>
  readonly sizesAtMs: number
}

/** Everything that was read in one round. Keys are `topic-partition`. */
export interface TrafficReading {
  readonly atMs: number
  readonly partitions: ReadonlyMap<string, PartitionReading>
  /** Committed offsets by group, then by partition; a group that could not be read is missing. */
  readonly commits: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly commitsAtMs: number
}

/** What makes log sizes shrink without the log start moving: compaction or tiered storage. */
export interface SizeTraits {
  /** Topics whose logs lose bytes in the middle. */
  readonly shrinkingTopics: ReadonlySet<string>
}

/** Bytes of the leader's log, where the reading has them. */
export function leaderSize(reading: PartitionReading): number | undefined {
  return reading.leader === null ? undefined : reading.replicaSizes.get(reading.leader)
}
