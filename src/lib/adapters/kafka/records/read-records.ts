import { setTimeout as sleep } from 'node:timers/promises'

import { OperatorError } from '../../../errors/operator-error.js'
import type { LogRecord, UnreadPartition } from '../../../ports/record-log.js'
import { BrokerRequestError } from '../pool/broker-request-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { fetch } from '../protocol/apis/fetch.js'
import { LeaderDirectory } from '../reader/leader-directory.js'
import { readOffsets } from '../reader/read-offsets.js'
import { PartitionCursor } from './partition-cursor.js'
import { readTopicLayout } from './topic-layout.js'

/** What to read; see the port. */
export interface ReadRequest {
  readonly topic: string
  readonly fromMs: number
  /** Where to go on, by partition; the others begin at `fromMs`. */
  readonly fromOffsets?: ReadonlyMap<number, number>
  readonly signal?: AbortSignal
}

/** Where the partitions ended at the start of the reading, and those that could not be read. */
export interface ReadResult {
  readonly endOffsets: ReadonlyMap<number, number>
  readonly unread: readonly UnreadPartition[]
}

const MAX_WAIT_MS = 100
const MAX_ANSWER_BYTES = 50 * 1024 * 1024
/** A leader that goes on moving, or a broker that stays away, is waited for so often. */
const MAX_MOVES = 10
const PAUSE_MS = 200

/** Reads a topic from a time up to its present end; partitions without a leader are reported, the others read. */
export async function readRecords(
  pool: KafkaPool,
  request: ReadRequest,
  onRecord: (record: LogRecord) => void,
): Promise<ReadResult> {
  const { topic, fromMs } = request
  const layout = await readTopicLayout(pool, topic)
  const partitions = [...layout.keys()].map((partition) => ({ topic, partition }))
  const directory = new LeaderDirectory(pool)
  const ends = await readOffsets(pool, directory, partitions, 'latest')
  const spec = fromMs > 0 ? { timestampMs: fromMs } : 'earliest'
  const starts = await readOffsets(pool, directory, partitions, spec)
  const endOffsets = new Map<number, number>()
  const unread: UnreadPartition[] = []
  const cursors: PartitionCursor[] = []
  partitions.forEach(({ partition }, index) => {
    const end = ends[index]
    const start = starts[index]
    if (end?.ok !== true || start?.ok !== true) {
      const failed = end?.ok === false ? end : start
      unread.push({ partition, error: failed?.ok === false ? failed.error : 'NO_ANSWER' })
      return
    }
    endOffsets.set(partition, end.offset)
    const from = request.fromOffsets?.get(partition) ?? start.offset
    // No record is that young: nothing to read.
    if (from >= 0) cursors.push(new PartitionCursor(partition, from, end.offset))
  })
  unread.push(...(await readCursors({ pool, directory, request, onRecord }, cursors)))
  return { endOffsets, unread }
}

interface Reading {
  readonly pool: KafkaPool
  readonly directory: LeaderDirectory
  readonly request: ReadRequest
  readonly onRecord: (record: LogRecord) => void
}

/** Fetches until every cursor is at its end; those whose leader stays away for too long are given back as unread. */
async function readCursors(
  reading: Reading,
  cursors: readonly PartitionCursor[],
): Promise<UnreadPartition[]> {
  const { directory, request } = reading
  let moves = 0
  let open = cursors.filter((cursor) => !cursor.isDone)
  while (open.length > 0) {
    request.signal?.throwIfAborted()
    const partitions = open.map(({ partition }) => ({ topic: request.topic, partition }))
    const leaders = await directory.leadersOf(partitions)
    const byLeader = new Map<number, PartitionCursor[]>()
    const stuck: PartitionCursor[] = []
    open.forEach((cursor, index) => {
      const leader = leaders[index]
      if (leader === undefined || 'error' in leader) stuck.push(cursor)
      else byLeader.set(leader.brokerId, [...(byLeader.get(leader.brokerId) ?? []), cursor])
    })
    const moved = await Promise.all(
      [...byLeader].map(([brokerId, led]) => fetchFrom(reading, brokerId, led)),
    )
    stuck.push(...moved.flat())
    if (stuck.length > 0) {
      moves += 1
      if (moves > MAX_MOVES) {
        return stuck.map(({ partition }) => ({ partition, error: 'LEADER_NOT_AVAILABLE' }))
      }
      directory.forget(stuck.map(({ partition }) => ({ topic: request.topic, partition })))
      await sleep(PAUSE_MS)
    }
    open = open.filter((cursor) => !cursor.isDone)
  }
  return []
}

/** One fetch of all the partitions that a broker leads; returns those whose leader has moved. */
async function fetchFrom(
  { pool, request, onRecord }: Reading,
  brokerId: number,
  cursors: readonly PartitionCursor[],
): Promise<PartitionCursor[]> {
  let answers
  try {
    const response = await pool.request({ brokerId }, fetch, {
      maxWaitMs: MAX_WAIT_MS,
      minBytes: 1,
      maxBytes: MAX_ANSWER_BYTES,
      topic: request.topic,
      partitions: cursors
        .toSorted((a, b) => a.served - b.served)
        .map((cursor) => ({
          partition: cursor.partition,
          fetchOffset: cursor.position,
          partitionMaxBytes: cursor.fetchBytes,
        })),
    })
    answers = new Map(response.partitions.map((answer) => [answer.partitionIndex, answer]))
  } catch (error) {
    if (error instanceof BrokerRequestError && error.code !== 'PROTOCOL_ERROR') return [...cursors]
    throw error
  }
  const isEmpty = [...answers.values()].every(({ records }) => records.length === 0)
  return cursors.filter((cursor) => {
    const answer = answers.get(cursor.partition)
    if (answer === undefined) return true
    const progress = cursor.take(answer, request.fromMs, onRecord)
    if (progress.kind === 'failed')
      throw unreadable(request.topic, cursor.partition, progress.error)
    if (isEmpty && progress.kind === 'read') cursor.noteEmptyAnswer()
    return progress.kind === 'moved'
  })
}

function unreadable(topic: string, partition: number, error: string): OperatorError {
  const isDenied = error.endsWith('AUTHORIZATION_FAILED')
  return new OperatorError({
    code: error,
    message: `Partition ${partition} of topic ${topic} cannot be read (${error}).`,
    nextSteps: isDenied ? [`Grant the right to READ topic ${topic}.`] : [],
    exit: isDenied ? 'notAuthorised' : 'failed',
  })
}
