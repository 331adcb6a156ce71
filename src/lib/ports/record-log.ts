/** A record of a topic, as read back. */
export interface LogRecord {
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** A record to be appended. `partition` absent: chosen from the key. */
export interface NewRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly partition?: number
  readonly timestampMs?: number
}

/** A partition that could not be read, with Kafka's error name (`LEADER_NOT_AVAILABLE`). */
export interface UnreadPartition {
  readonly partition: number
  readonly error: string
}

/** Reads a topic from a time on, without a consumer group (ListOffsets and Fetch), up to its end at the start. */
export interface RecordReader {
  /**
   * Calls `onRecord` for each record of each partition with `fromMs <= timestampMs`, in order within a partition. An
   * empty topic, or one with nothing after `fromMs`, is no error. Throws OperatorError when the topic does not exist.
   * `fromOffsets` goes on where an earlier reading ended, partition by partition, whatever the times say.
   * Partitions without a leader are left out and stand in `unread`: say so where the figures are shown.
   */
  readRecords(
    request: {
      readonly topic: string
      readonly fromMs: number
      readonly fromOffsets?: ReadonlyMap<number, number>
      readonly signal?: AbortSignal
    },
    onRecord: (record: LogRecord) => void,
  ): Promise<{
    readonly endOffsets: ReadonlyMap<number, number>
    readonly unread?: readonly UnreadPartition[]
  }>
  close(): Promise<void>
}

/** Appends records with acks=all; resolves when all are acknowledged, throws OperatorError otherwise. */
export interface RecordWriter {
  append(topic: string, records: readonly NewRecord[]): Promise<void>
  close(): Promise<void>
}
