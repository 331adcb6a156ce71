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
  /** Leaders when this was read, by `topic-partition`, as far as they are known. */
  readonly leaders?: ReadonlyMap<string, number>
  /** Bytes of partitions as they were told last, for those of which this reading tells nothing. */
  readonly toldLast?: ReadonlyMap<string, number>
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

/** Brokers whose disks tell how far these moves are; `live`: those that are there, where it is known. */
export function brokersToAsk(
  moves: readonly Move[],
  live: ReadonlySet<number> | null = null,
): readonly number[] {
  const moving = moves.filter(({ adding }) => adding.length > 0)
  const ids = new Set(moving.flatMap(({ adding, from }) => [...adding, ...from]))
  return [...ids].filter((id) => live === null || live.has(id)).sort((a, b) => a - b)
}

/**
 * Bytes that a new replica has to get: what the leader holds, or the largest old replica where nobody is known to lead. A
 * follower may hold far more, when nothing cleans its log up any more. Null where it was not told.
 */
export function sizeOfPartition(
  { from, key }: Pick<Move, 'from' | 'key'>,
  { sizes, leaders }: DiskReading,
): number | null {
  const leader = leaders?.get(key)
  if (leader !== undefined) return sizes.get(replicaId(leader, key)) ?? null
  const known = from.map((id) => sizes.get(replicaId(id, key))).filter((one) => one !== undefined)
  return known.length === 0 ? null : Math.max(...known)
}

/** Whether every broker that gets a replica answered: of one that did not, nothing would seem to be copied. */
export function areTargetsRead({ adding }: Move, { answered }: DiskReading): boolean {
  return answered !== undefined && adding.every((id) => answered.has(id))
}

/** Whether a reading tells how far a move is: how large its partition is, too. */
export function isWellRead(move: Move, disks: DiskReading): boolean {
  return areTargetsRead(move, disks) && sizeOfPartition(move, disks) !== null
}

/** Bytes of each new replica: as told now, or last, or as planned. */
function bytesOfEach(move: Move, disks: DiskReading): number {
  const planned = move.adding.length === 0 ? 0 : move.bytesToMove / move.adding.length
  return sizeOfPartition(move, disks) ?? disks.toldLast?.get(move.key) ?? planned
}

/** What one broker has still to get of a move. */
export function bytesLeftTo(broker: number, move: Move, disks: DiskReading): number {
  const there = disks.sizes.get(replicaId(broker, move.key)) ?? 0
  return Math.max(0, bytesOfEach(move, disks) - there)
}

/** How far one move is: what its new replicas hold, of what they are to get. */
export function copiedBytes(move: Move, disks: DiskReading): CopiedBytes {
  const sizeOn = (broker: number): number | undefined =>
    disks.sizes.get(replicaId(broker, move.key))
  const whole = bytesOfEach(move, disks)
  const copied = move.adding.reduce((sum, id) => sum + Math.min(whole, sizeOn(id) ?? 0), 0)
  return { step: move.step, copied, total: whole * move.adding.length }
}
