import { topicPartitionKey } from '../../model/topic-partition.js'
import type { BrokerAnswer, BrokerLogDir } from '../../ports/cluster-reader.js'
import type { Move } from './moves.js'
import type { CopiedBytes } from './progress.js'

/** Sizes of replicas and room on disks, as brokers report them. */
export interface DiskReading {
  /** Bytes by {@link replicaId}. */
  readonly sizes: ReadonlyMap<string, number>
  /** Usable and total bytes of the least free log directory, where the broker tells (KIP-827). */
  readonly leastFree: ReadonlyMap<number, { readonly usable: number; readonly total: number }>
}

/** Key of a replica. */
export function replicaId(broker: number, key: string): string {
  return `${broker} ${key}`
}

/** Puts the answers of the brokers together; one that did not answer is simply missing. */
export function readDisks(answers: readonly BrokerAnswer<readonly BrokerLogDir[]>[]): DiskReading {
  const sizes = new Map<string, number>()
  const leastFree = new Map<number, { usable: number; total: number }>()
  for (const answer of answers) {
    if (!answer.ok) continue
    for (const { replicas, usableBytes: usable, totalBytes: total } of answer.value) {
      for (const replica of replicas) {
        if (replica.future) continue
        const key = topicPartitionKey(replica.topic, replica.partition)
        sizes.set(replicaId(answer.brokerId, key), replica.sizeBytes)
      }
      const known = leastFree.get(answer.brokerId)
      if (usable === undefined || total === undefined) continue
      if (known === undefined || usable < known.usable)
        leastFree.set(answer.brokerId, { usable, total })
    }
  }
  return { sizes, leastFree }
}

/** Brokers whose disks tell how far these moves are. */
export function brokersToAsk(moves: readonly Move[]): readonly number[] {
  const moving = moves.filter(({ adding }) => adding.length > 0)
  const ids = new Set(moving.flatMap(({ adding, from }) => [...adding, ...from]))
  return [...ids].sort((a, b) => a - b)
}

/** How far one move is: what its new replicas hold, of what the largest old one holds. */
export function copiedBytes(move: Move, { sizes }: DiskReading): CopiedBytes {
  const sizeOn = (broker: number): number | undefined => sizes.get(replicaId(broker, move.key))
  const known = move.from.map(sizeOn).filter((size) => size !== undefined)
  const planned = move.adding.length === 0 ? 0 : move.bytesToMove / move.adding.length
  const whole = known.length === 0 ? planned : Math.max(...known)
  const copied = move.adding.reduce((sum, id) => sum + Math.min(whole, sizeOn(id) ?? 0), 0)
  return { step: move.step, copied, total: whole * move.adding.length }
}
