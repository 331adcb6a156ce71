/** What to produce to one topic. */
export interface ProduceSpec {
  readonly topic: string
  /** Encoded bytes per second (record batches as they stand in the log) of each partition, by number. */
  readonly bytesInPerSec: readonly number[]
  /** Bytes of a record's value; with several, batches take turns (default 1000). */
  readonly recordBytes?: number | readonly number[]
  readonly compression?: 'none' | 'gzip'
  /** Number of distinct keys, for compacted topics; records have no key by default. */
  readonly keys?: number
  /** Every `everySec` the rate is `factor` times as high for `lengthSec`. */
  readonly burst?: {
    readonly everySec: number
    readonly lengthSec: number
    readonly factor: number
  }
}

/** One consumer that reads partitions to itself. Several on one topic are its fan-out. */
export interface ConsumeSpec {
  /** Name in the report, and the group's id unless `commits` is false. */
  readonly name: string
  readonly topic: string
  /** All partitions of the topic unless given. */
  readonly partitions?: readonly number[]
  /** false: a plain reader without a group, as MirrorMaker or Spark (default true). */
  readonly commits?: boolean
  /** How often the group commits (default 5 s). */
  readonly commitEverySec?: number
  /** Where reading begins (default the end). */
  readonly from?: 'earliest' | 'latest'
  /** Upper limit for each partition: below the topic's rate, the group lags behind. */
  readonly maxBytesPerSec?: number
  /** Goes back by so many records of each partition, again and again. */
  readonly rewind?: { readonly everySec: number; readonly records: number }
}

/** Everything one load process does. */
export interface LoadSpec {
  readonly produce: readonly ProduceSpec[]
  readonly consume?: readonly ConsumeSpec[]
}

/** A stretch of wall-clock time. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** What was appended to a partition: acknowledged batches, counted when the acknowledgement came. */
export interface PartitionTruth {
  readonly topic: string
  readonly partition: number
  readonly bytes: number
  readonly records: number
  readonly errors: number
}

/** What one consumer read of one partition, counted when the answer came. */
export interface ConsumerTruth {
  readonly name: string
  readonly commits: boolean
  readonly topic: string
  readonly partition: number
  /** Bytes of whole batches. */
  readonly bytes: number
  readonly records: number
  /** All record bytes in answers: also the cut-off batches at their ends, which are read again. */
  readonly wireBytes: number
  readonly errors: number
}

/** The truth about a window, or about the whole run. */
export interface LoadReport extends Window {
  readonly partitions: readonly PartitionTruth[]
  readonly consumers: readonly ConsumerTruth[]
}
