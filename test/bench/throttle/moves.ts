import type { Lab } from '../../lab/index.js'
import { createTopics } from '../../lab/topics.js'
import { BATCH_BYTES, fill } from './fill.js'

/** A partition that the bench moves; its leader stands first in `from`. */
export interface BenchMove {
  readonly topic: string
  readonly partition: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly bytes: number
}

/** What one broker sends and receives in all. */
export interface BrokerWork {
  readonly broker: number
  readonly direction: 'in' | 'out'
  readonly bytes: number
}

/** Brokers that get a replica of the partition. */
export const adding = ({ from, to }: BenchMove): readonly number[] =>
  to.filter((broker) => !from.includes(broker))

/** Bytes by broker and direction, the most first: the first one sets the pace. */
export function workOf(moves: readonly BenchMove[]): readonly BrokerWork[] {
  const work = new Map<string, BrokerWork>()
  const add = (broker: number, direction: BrokerWork['direction'], bytes: number): void => {
    const key = `${broker} ${direction}`
    work.set(key, { broker, direction, bytes: (work.get(key)?.bytes ?? 0) + bytes })
  }
  for (const move of moves) {
    for (const broker of adding(move)) {
      add(broker, 'in', move.bytes)
      add(move.from[0] ?? -1, 'out', move.bytes)
    }
  }
  return [...work.values()].sort((a, b) => b.bytes - a.bytes)
}

const SHARE = [0.6, 0.8, 1, 1.2, 1.4]

/** Brokers 1 to 3 give partitions to the empty broker 4: what comes in there sets the pace. */
export function expansion(partitions: number, totalBytes: number): readonly BenchMove[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    topic: 'expansion',
    partition,
    from: [1 + (partition % 3)],
    to: [4],
    bytes: Math.round((totalBytes / partitions) * (SHARE[partition % SHARE.length] ?? 1)),
  }))
}

/** Partitions of two replicas on four brokers: the second goes on to the next broker, all four send and receive. */
export function rotation(partitions: number, totalBytes: number): readonly BenchMove[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const at = (step: number): number => 1 + ((partition + step) % 4)
    return {
      topic: 'rotation',
      partition,
      from: [at(0), at(1)],
      to: [at(0), at(2)],
      bytes: Math.round(((totalBytes * 4) / partitions) * (SHARE[partition % SHARE.length] ?? 1)),
    }
  })
}

/** Makes the topics as they are before the moves, and fills them. */
export async function prepareMoves(
  lab: Lab,
  moves: readonly BenchMove[],
  batchBytes = BATCH_BYTES,
): Promise<void> {
  const names = [...new Set(moves.map(({ topic }) => topic))]
  await createTopics(
    lab,
    names.map((name) => ({
      name,
      assignment: moves.filter(({ topic }) => topic === name).map(({ from }) => from),
      configs: { 'min.insync.replicas': '1' },
    })),
  )
  await fill(
    lab,
    moves.map(({ topic, partition, from, bytes }) => ({
      topic,
      partition,
      bytes,
      leader: from[0] ?? -1,
    })),
    batchBytes,
  )
}

/** The moves in Kafka's own format. */
export function kafkaJson(moves: readonly BenchMove[]): string {
  const partitions = moves.map(({ topic, partition, to }) => ({ topic, partition, replicas: to }))
  return JSON.stringify({ version: 1, partitions })
}
