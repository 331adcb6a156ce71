import type { TopicPartition } from '../model/topic-partition.js'

/** Why a partition has no figure, or why a part of the interval was left out. */
export type Exclusion =
  'leader-changed' | 'recreated-or-truncated' | 'no-leader' | 'no-size' | 'too-few-readings'

/**
 * Traffic of one partition over an interval. `bytesIn` and `bytesOut` are the bytes of `coveredMs` (what is left of the
 * interval without exclusions), so rate = bytes / coveredMs. A missing figure is unknown, which is not zero.
 */
export interface PartitionTraffic extends TopicPartition {
  readonly topicId?: string
  readonly leader: number | null
  readonly coveredMs: number
  readonly bytesIn?: number
  /** What groups that commit have read; readers that never commit are not in it. */
  readonly bytesOut?: number
  /** Share (0 to 1) of `bytesIn` that is records × bytes per record instead of growth of the log. */
  readonly estimatedShare: number
  /** The leader's log at the end of the interval. */
  readonly sizeBytes?: number
  readonly replicaSizes: ReadonlyMap<number, number>
  readonly logStartOffset?: number
  readonly logEndOffset?: number
  /** Was being reassigned at some moment of the interval. */
  readonly reassigning: boolean
  readonly exclusions: readonly Exclusion[]
}

/** The traffic of a cluster over one interval, as its source measured it. Keys are `topic-partition`. */
export interface IntervalTraffic {
  readonly source: string
  readonly fromMs: number
  readonly toMs: number
  readonly readings: number
  readonly partitions: ReadonlyMap<string, PartitionTraffic>
  /** What this source cannot see, or could not read; one sentence each. */
  readonly notices: readonly string[]
}

/** Traffic figures of one partition, in bytes per second and bytes; what is unknown is missing. */
export interface PartitionFigures {
  readonly bytesInPerSec?: number
  readonly bytesOutPerSec?: number
  readonly sizeBytes?: number
}

/** Bytes per second of a figure; undefined when the figure or the time is missing. */
export function ratePerSec(bytes: number | undefined, coveredMs: number): number | undefined {
  return bytes === undefined || coveredMs <= 0 ? undefined : (bytes / coveredMs) * 1000
}
