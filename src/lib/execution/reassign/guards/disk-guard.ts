import { indexBrokers, indexPartitions } from '../../../model/find-partition.js'
import type { Broker, Snapshot } from '../../../model/snapshot.js'
import { formatBytes } from '../../../units/format-quantity.js'
import { KEEP_FREE_SHARE } from '../disk-gate.js'
import type { Move } from '../moves.js'
import type { Guard, GuardInput } from './guard.js'

/** Bytes that may still be written to the least free log directory, which Kafka may well pick; null when unknown. */
export function roomOf(broker: Broker | undefined): number | null {
  const rooms = (broker?.logDirs ?? [])
    .filter(({ error }) => error === undefined)
    .map(({ usableBytes, totalBytes }) =>
      usableBytes === undefined || totalBytes === undefined
        ? null
        : Math.max(0, usableBytes - totalBytes * KEEP_FREE_SHARE),
    )
  const known = rooms.filter((room) => room !== null)
  return known.length === 0 || known.length < rooms.length ? null : Math.min(...known)
}

/** Bytes that one new replica of the move takes. */
export function bytesPerReplica(move: Move, sizeBytes: number | undefined): number {
  return sizeBytes ?? (move.adding.length === 0 ? 0 : move.bytesToMove / move.adding.length)
}

/** Bytes that the moves write to each broker; nothing is counted as freed. */
export function bytesArriving(
  moves: readonly Move[],
  snapshot: Snapshot,
): ReadonlyMap<number, number> {
  const located = indexPartitions(snapshot, new Set(moves.map(({ key }) => key)))
  const arriving = new Map<number, number>()
  for (const move of moves) {
    const bytes = bytesPerReplica(move, located.get(move.key)?.partition.sizeBytes)
    for (const id of move.adding) arriving.set(id, (arriving.get(id) ?? 0) + bytes)
  }
  return arriving
}

/** Targets that cannot take all that the plan brings them, with the figures. */
export function guardDisk({ moves, snapshot }: GuardInput): readonly Guard[] {
  const brokers = indexBrokers(snapshot)
  return [...bytesArriving(moves, snapshot)]
    .sort(([a], [b]) => a - b)
    .flatMap(([id, bytes]) => {
      const room = roomOf(brokers.get(id))
      if (room === null || bytes <= room) return []
      const message = `broker ${id} would get ${formatBytes(bytes)}, and its least free log directory has room for ${formatBytes(room)}`
      return [{ code: 'DISK_TOO_SMALL', message, lift: 'ignore-disk', exit: 'refused' } as const]
    })
}
