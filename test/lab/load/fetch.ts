import { type Reader, type Wire, Writer } from '../wire.js'
import { BATCH } from './record-batch.js'

const FETCH = { key: 1, version: 4, name: 'Fetch' }
const LIST_OFFSETS = { key: 2, version: 1, name: 'ListOffsets' }
const MAX_WAIT_MS = 500
const MIN_BYTES = 524_288
const MAX_BYTES = 16_777_216

/** Where to read a partition, and how much at once. */
export interface FetchTarget {
  readonly partition: number
  readonly offset: number
  readonly maxBytes: number
}

/** What came back for one partition. */
export interface Fetched {
  readonly partition: number
  readonly error: number
  readonly bytes: number
  readonly wireBytes: number
  readonly records: number
  readonly nextOffset: number
}

/** One Fetch request for partitions of one topic that the broker leads. */
export async function fetchFrom(
  wire: Wire,
  topic: string,
  targets: readonly FetchTarget[],
): Promise<Fetched[]> {
  const body = new Writer().int32(-1).int32(MAX_WAIT_MS).int32(MIN_BYTES).int32(MAX_BYTES).int8(0)
  body.array([topic], (name) => {
    body.string(name)
    body.array(targets, (target) =>
      body.int32(target.partition).int64(target.offset).int32(target.maxBytes),
    )
  })
  const answer = await wire.request(FETCH, body.result(), 10_000)
  answer.int32()
  const topics = answer.array(() => {
    answer.string()
    return answer.array(() => readPartition(answer, targets))
  })
  return topics.flat()
}

function readPartition(answer: Reader, targets: readonly FetchTarget[]): Fetched {
  const partition = answer.int32()
  const error = answer.int16()
  answer.int64()
  answer.int64()
  answer.array(() => [answer.int64(), answer.int64()])
  const offset = targets.find((target) => target.partition === partition)?.offset ?? 0
  return { partition, error, ...measure(answer.bytes(), offset) }
}

/** Reads batch headers only: sizes and offsets are all that is asked for. */
export function measure(data: Buffer, offset: number): Omit<Fetched, 'partition' | 'error'> {
  let at = 0
  let records = 0
  let nextOffset = offset
  while (at + BATCH.headerBytes <= data.length) {
    const size = 12 + data.readInt32BE(at + BATCH.length)
    if (at + size > data.length) break
    const base = Number(data.readBigInt64BE(at + BATCH.baseOffset))
    const end = base + data.readInt32BE(at + BATCH.lastOffsetDelta) + 1
    const skipped = Math.max(0, nextOffset - base)
    records += Math.max(0, data.readInt32BE(at + BATCH.recordsCount) - skipped)
    nextOffset = Math.max(nextOffset, end)
    at += size
  }
  return { bytes: at, wireBytes: data.length, records, nextOffset }
}

/** First or next offset of partitions that the broker leads; partitions in error are left out. */
export async function listOffsets(
  wire: Wire,
  topic: string,
  partitions: readonly number[],
  where: 'earliest' | 'latest',
): Promise<Map<number, number>> {
  const body = new Writer().int32(-1)
  body.array([topic], (name) => {
    body.string(name)
    body.array(partitions, (id) => body.int32(id).int64(where === 'earliest' ? -2 : -1))
  })
  const answer = await wire.request(LIST_OFFSETS, body.result())
  const offsets = new Map<number, number>()
  answer.array(() => {
    answer.string()
    answer.array(() => {
      const partition = answer.int32()
      const error = answer.int16()
      answer.int64()
      const offset = answer.int64()
      if (error === 0) offsets.set(partition, offset)
    })
  })
  return offsets
}
