import {
  bytesLeftTo,
  copiedBytes,
  roomOfReplica,
  type DiskReading,
  type DiskRoom,
} from './copied-bytes.js'
import type { Move } from './moves.js'

/** Share of a log directory that stays free: a full one kills its broker, and it does not start again. */
export const KEEP_FREE_SHARE = 0.05

/** Bytes still to come to each broker for moves under way. */
function stillToCome(underWay: readonly Move[], disks: DiskReading): Map<number, number> {
  const coming = new Map<number, number>()
  for (const move of underWay) {
    for (const id of move.adding)
      coming.set(id, (coming.get(id) ?? 0) + bytesLeftTo(id, move, disks))
  }
  return coming
}

/** What else takes room while a broker gets its replicas. */
export interface GrowthForecast {
  /** Bytes per second that clients add to a broker's disks. */
  readonly growthOf: (broker: number) => number
  /** How fast a broker gets its replicas: the throttle, or what is reckoned with where there is none. */
  readonly bytesPerSec: number
}

const NO_GROWTH: GrowthForecast = { growthOf: () => 0, bytesPerSec: 1 }

/** A disk that will not take what is still to come to it, and what there is of both. */
export interface FillingDisk {
  readonly broker: number
  readonly usable: number
  readonly coming: number
  /** There is no room at all for it; otherwise what is kept free, or what clients write meanwhile, would be used up. */
  readonly isCertain: boolean
  /** Moves that bring it. */
  readonly steps: readonly number[]
}

/**
 * Log directories that will fill up by what is under way, and kill their broker: by what it still brings beside the share that
 * stays free, or together with what clients write meanwhile. A replica counts against the directory that it was found in; a
 * broker that did not answer tells of none.
 */
export function fillingDisks(
  underWay: readonly Move[],
  disks: DiskReading,
  { growthOf, bytesPerSec }: GrowthForecast = NO_GROWTH,
): readonly FillingDisk[] {
  const coming = new Map<DiskRoom, { readonly broker: number; bytes: number; steps: number[] }>()
  for (const move of underWay) {
    for (const broker of move.adding) {
      const room = roomOfReplica(disks, broker, move.key)
      if (room === null) continue
      const known = coming.get(room) ?? { broker, bytes: 0, steps: [] }
      known.bytes += bytesLeftTo(broker, move, disks)
      known.steps.push(move.step)
      coming.set(room, known)
    }
  }
  return [...coming]
    .flatMap(([{ usable, total }, { broker, bytes, steps }]) => {
      const grown = bytes + growthOf(broker) * (bytes / bytesPerSec)
      const isFilling = bytes > usable - total * KEEP_FREE_SHARE || grown > usable
      const isCertain = bytes > usable
      // Nothing left to come: whatever else fills that disk, it is not the moves.
      if (!isFilling || bytes <= 0) return []
      return [{ broker, usable, coming: Math.max(bytes, grown), isCertain, steps }]
    })
    .sort((a, b) => a.broker - b.broker)
}

/** Of the moves that could start, those that would fit if nothing else were started with them. */
export function movesWithRoom(
  candidates: readonly Move[],
  underWay: readonly Move[],
  disks: DiskReading,
  forecast: GrowthForecast = NO_GROWTH,
): readonly Move[] {
  const coming = stillToCome(underWay, disks)
  return candidates.filter((move) => fits(move, coming, disks, forecast))
}

/**
 * Of the moves that could start, those for which every target's least free log directory has room beside all that is
 * still to come, by moves and by clients meanwhile. Nothing is counted as freed. A broker that does not tell its room is
 * not held back by it.
 */
export function movesThatFit(
  candidates: readonly Move[],
  underWay: readonly Move[],
  disks: DiskReading,
  forecast: GrowthForecast = NO_GROWTH,
): readonly Move[] {
  const coming = stillToCome(underWay, disks)
  return candidates.filter((move) => {
    if (!fits(move, coming, disks, forecast)) return false
    const each = bytesForEach(move, disks)
    for (const id of move.adding) coming.set(id, (coming.get(id) ?? 0) + each)
    return true
  })
}

const bytesForEach = (move: Move, disks: DiskReading): number =>
  copiedBytes(move, disks).total / Math.max(1, move.adding.length)

function fits(
  move: Move,
  coming: ReadonlyMap<number, number>,
  disks: DiskReading,
  { growthOf, bytesPerSec }: GrowthForecast,
): boolean {
  const each = bytesForEach(move, disks)
  return move.adding.every((id) => {
    const disk = disks.leastFree.get(id)
    if (disk === undefined) return true
    const room = disk.usable - disk.total * KEEP_FREE_SHARE
    const bytes = (coming.get(id) ?? 0) + each
    return bytes + growthOf(id) * (bytes / bytesPerSec) <= room
  })
}
