import { topicPartitionKey } from '../../model/topic-partition.js'
import type { BrokerAnswer, BrokerLogDir } from '../../ports/cluster-reader.js'
import type { Move } from './moves.js'
import type { CopiedBytes } from './progress.js'

/** Usable and total bytes of a log directory. */
export interface DiskRoom {
  readonly usable: number
  readonly total: number
}

/** Sizes of replicas and room on disks, as brokers report them. */
export interface DiskReading {
  /** Bytes by {@link replicaId}. */
  readonly sizes: ReadonlyMap<string, number>
  /** Usable and total bytes of the least free log directory, where the broker tells (KIP-827). */
  readonly leastFree: ReadonlyMap<number, DiskRoom>
  /** Room beside each replica, by {@link replicaId}, where its broker tells. */
  readonly roomBeside?: ReadonlyMap<string, DiskRoom>
  /** Brokers that have several log directories. */
  readonly spread?: ReadonlySet<number>
  /** Brokers that answered. */
  readonly answered?: ReadonlySet<number>
}

/** Key of a replica. */
export function replicaId(broker: number, key: string): string {
  return `${broker} ${key}`
}

const roomIn = ({ usableBytes: usable, totalBytes: total }: BrokerLogDir): DiskRoom | null =>
  usable === undefined || total === undefined ? null : { usable, total }

/** Puts the answers of the brokers together; one that did not answer is simply missing. */
export function readDisks(answers: readonly BrokerAnswer<readonly BrokerLogDir[]>[]): DiskReading {
  const sizes = new Map<string, number>()
  const leastFree = new Map<number, DiskRoom>()
  const roomBeside = new Map<string, DiskRoom>()
  const spread = new Set<number>()
  const answered = new Set<number>()
  for (const answer of answers) {
    if (!answer.ok) continue
    answered.add(answer.brokerId)
    if (answer.value.length > 1) spread.add(answer.brokerId)
    for (const dir of answer.value) {
      const room = roomIn(dir)
      for (const replica of dir.replicas) {
        if (replica.future) continue
        const key = topicPartitionKey(replica.topic, replica.partition)
        sizes.set(replicaId(answer.brokerId, key), replica.sizeBytes)
        if (room !== null) roomBeside.set(replicaId(answer.brokerId, key), room)
      }
      const known = leastFree.get(answer.brokerId)
      if (room === null) continue
      if (known === undefined || room.usable < known.usable) leastFree.set(answer.brokerId, room)
    }
  }
  return { sizes, leastFree, roomBeside, spread, answered }
}

/** Room of the log directory that a new replica is in; null where it is not told, or not known yet which one it is in. */
export function roomOfReplica(
  { leastFree, roomBeside, spread }: DiskReading,
  broker: number,
  key: string,
): DiskRoom | null {
  if (spread?.has(broker) !== true) return leastFree.get(broker) ?? null
  return roomBeside?.get(replicaId(broker, key)) ?? null
}

/** Brokers whose disks tell how far these moves are. */
export function brokersToAsk(moves: readonly Move[]): readonly number[] {
  const moving = moves.filter(({ adding }) => adding.length > 0)
  const ids = new Set(moving.flatMap(({ adding, from }) => [...adding, ...from]))
  return [...ids].sort((a, b) => a - b)
}

/** Bytes of the largest old replica; null where no broker told. */
export function sizeOfPartition(
  { from, key }: Pick<Move, 'from' | 'key'>,
  { sizes }: DiskReading,
): number | null {
  const known = from.map((id) => sizes.get(replicaId(id, key))).filter((one) => one !== undefined)
  return known.length === 0 ? null : Math.max(...known)
}

/** Whether a reading tells how far a move is: an old replica was found, and every broker that gets one answered. */
export function isWellRead(move: Move, disks: DiskReading): boolean {
  const { answered } = disks
  const areRead = answered !== undefined && move.adding.every((id) => answered.has(id))
  return areRead && sizeOfPartition(move, disks) !== null
}

/** How far one move is: what its new replicas hold, of what the largest old one holds. */
export function copiedBytes(move: Move, disks: DiskReading): CopiedBytes {
  const sizeOn = (broker: number): number | undefined =>
    disks.sizes.get(replicaId(broker, move.key))
  const planned = move.adding.length === 0 ? 0 : move.bytesToMove / move.adding.length
  const whole = sizeOfPartition(move, disks) ?? planned
  const copied = move.adding.reduce((sum, id) => sum + Math.min(whole, sizeOn(id) ?? 0), 0)
  return { step: move.step, copied, total: whole * move.adding.length }
}
