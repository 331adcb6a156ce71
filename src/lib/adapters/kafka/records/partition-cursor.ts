import type { LogRecord } from '../../../ports/record-log.js'
import type { FetchedPartition } from '../protocol/apis/fetch.js'
import { errorName } from '../protocol/error-names.js'
import { decodeBatches } from './decode-batches.js'

const SMALL_FETCH_BYTES = 4 * 1024 * 1024
const LARGEST_FETCH_BYTES = 64 * 1024 * 1024
/** Compaction may have removed the last records: so many empty answers below the end mean that nothing follows. */
const EMPTY_ANSWERS_AT_THE_END = 3

/** What an answer meant for a partition. */
export type Progress =
  { readonly kind: 'read' } | { readonly kind: 'moved' | 'failed'; readonly error: string }

const MOVED = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
])

/** How far the reading of one partition has come, from `position` up to `end` (not included). */
export class PartitionCursor {
  readonly partition: number
  readonly end: number
  fetchBytes = SMALL_FETCH_BYTES
  /** How often it was given something: who had least stands first in the next fetch. */
  served = 0
  private next: number
  private emptyAnswers = 0

  constructor(partition: number, position: number, end: number) {
    this.partition = partition
    this.next = position
    this.end = end
  }

  get position(): number {
    return this.next
  }

  get isDone(): boolean {
    return this.next >= this.end
  }

  /** Hands the records of an answer on, and moves forward. */
  take(answer: FetchedPartition, fromMs: number, onRecord: (record: LogRecord) => void): Progress {
    const error = errorName(answer.errorCode)
    if (error === 'OFFSET_OUT_OF_RANGE') return this.skipWhatRetentionRemoved(answer)
    if (MOVED.has(error)) return { kind: 'moved', error }
    if (answer.errorCode !== 0) return { kind: 'failed', error }
    const { partition, position, end } = this
    const next = decodeBatches(answer.records, (record) => {
      const { offset, timestampMs } = record
      if (offset >= position && offset < end && timestampMs >= fromMs) {
        onRecord({ partition, ...record })
      }
    })
    if (next !== null && next > position) {
      this.next = next
      this.served += 1
      this.emptyAnswers = 0
    } else if (answer.records.length > 0) {
      this.fetchBytes = Math.min(this.fetchBytes * 2, LARGEST_FETCH_BYTES)
    }
    return { kind: 'read' }
  }

  /** Notes an answer in which no partition had anything; others may just have used up the space of an answer. */
  noteEmptyAnswer(): void {
    this.emptyAnswers += 1
    if (this.emptyAnswers >= EMPTY_ANSWERS_AT_THE_END) this.next = this.end
  }

  private skipWhatRetentionRemoved({ logStartOffset }: FetchedPartition): Progress {
    if (logStartOffset <= this.next) return { kind: 'failed', error: 'OFFSET_OUT_OF_RANGE' }
    this.next = logStartOffset
    return { kind: 'read' }
  }
}
