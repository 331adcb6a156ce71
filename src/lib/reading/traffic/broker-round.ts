import { topicPartitionKey, type TopicPartition } from '../../model/topic-partition.js'
import type { Clock } from '../../ports/clock.js'
import type { BrokerLogDir, ClusterReader, OffsetAnswer } from '../../ports/cluster-reader.js'

/** What one broker said in one round about the partitions that it leads, and about all of its logs. */
export interface BrokerRound {
  readonly brokerId: number
  /** False when the broker did not answer for its log directories. */
  readonly answered: boolean
  readonly endOffsets: ReadonlyMap<string, number>
  /** Only those that did not move while the sizes were read. */
  readonly startOffsets: ReadonlyMap<string, number>
  /** Partitions whose log start moved during the round: their size belongs to neither moment. */
  readonly startMoved: ReadonlySet<string>
  readonly offsetsAtMs: number
  readonly sizes: ReadonlyMap<string, number>
  readonly sizesAtMs: number
}

interface Timed<T> {
  readonly value: T
  /** The middle between question and answer. */
  readonly atMs: number
}

/** Runs one question and notes the middle of the time that it took. */
export async function timed<T>(clock: Clock, question: () => Promise<T>): Promise<Timed<T>> {
  const before = clock.nowMs()
  const value = await question()
  return { value, atMs: (before + clock.nowMs()) / 2 }
}

function offsetsByKey(answers: readonly OffsetAnswer[]): ReadonlyMap<string, number> {
  return new Map(
    answers.flatMap((a) => (a.ok ? [[topicPartitionKey(a.topic, a.partition), a.offset]] : [])),
  )
}

function sizesByKey(dirs: readonly BrokerLogDir[]): ReadonlyMap<string, number> {
  const replicas = dirs.flatMap((dir) => dir.replicas).filter((replica) => !replica.future)
  return new Map(replicas.map((r) => [topicPartitionKey(r.topic, r.partition), r.sizeBytes]))
}

/**
 * Asks one broker: log starts, then sizes and log ends at the same moment, then log starts again, because a size is only
 * worth something when nothing was cut off around it.
 */
export async function readBrokerRound(
  reader: ClusterReader,
  clock: Clock,
  brokerId: number,
  leads: readonly TopicPartition[],
): Promise<BrokerRound> {
  const startsBefore = offsetsByKey(await reader.readOffsets(leads, 'earliest'))
  const [dirs, ends] = await Promise.all([
    timed(clock, () => reader.readLogDirs([brokerId])),
    timed(clock, () => reader.readOffsets(leads, 'latest')),
  ])
  const startsAfter = offsetsByKey(await reader.readOffsets(leads, 'earliest'))
  const same = [...startsAfter].filter(([key, offset]) => startsBefore.get(key) === offset)
  const answer = dirs.value.find((a) => a.brokerId === brokerId)
  const startOffsets = new Map(same)
  return {
    brokerId,
    answered: answer?.ok === true,
    endOffsets: offsetsByKey(ends.value),
    startOffsets,
    startMoved: new Set([...startsAfter.keys()].filter((key) => !startOffsets.has(key))),
    offsetsAtMs: ends.atMs,
    sizes: answer?.ok === true ? sizesByKey(answer.value) : new Map(),
    sizesAtMs: dirs.atMs,
  }
}
