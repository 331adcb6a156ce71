import type { DiskReading } from './copied-bytes.js'
import { copiedBytes } from './copied-bytes.js'
import type { Move } from './moves.js'

/** Share of a log directory that stays free: a full one kills its broker, and it does not start again. */
export const KEEP_FREE_SHARE = 0.05

/** Bytes still to come to each broker for moves under way. */
function stillToCome(underWay: readonly Move[], disks: DiskReading): Map<number, number> {
  const coming = new Map<number, number>()
  for (const move of underWay) {
    const { copied, total } = copiedBytes(move, disks)
    const each = (total - copied) / Math.max(1, move.adding.length)
    for (const id of move.adding) coming.set(id, (coming.get(id) ?? 0) + each)
  }
  return coming
}

/** A disk that will not take what is still to come to it, and what there is of both. */
export interface FillingDisk {
  readonly broker: number
  readonly usable: number
  readonly coming: number
}

/** Targets whose least free log directory has less room than what is under way still brings: they will fill up and die. */
export function fillingDisks(
  underWay: readonly Move[],
  disks: DiskReading,
): readonly FillingDisk[] {
  return [...stillToCome(underWay, disks)]
    .flatMap(([broker, coming]) => {
      const usable = disks.leastFree.get(broker)?.usable
      return usable === undefined || coming <= usable ? [] : [{ broker, usable, coming }]
    })
    .sort((a, b) => a.broker - b.broker)
}

/** What else takes room while a broker gets its replicas. */
export interface GrowthForecast {
  /** Bytes per second that clients add to a broker's disks. */
  readonly growthOf: (broker: number) => number
  /** How fast a broker gets its replicas: the throttle, or what is reckoned with where there is none. */
  readonly bytesPerSec: number
}

const NO_GROWTH: GrowthForecast = { growthOf: () => 0, bytesPerSec: 1 }

/**
 * Of the moves that could start, those for which every target's least free log directory has room beside all that is
 * still to come, by moves and by clients meanwhile. Nothing is counted as freed. A broker that does not tell its room is
 * not held back by it.
 */
export function movesThatFit(
  candidates: readonly Move[],
  underWay: readonly Move[],
  disks: DiskReading,
  { growthOf, bytesPerSec }: GrowthForecast = NO_GROWTH,
): readonly Move[] {
  const coming = stillToCome(underWay, disks)
  return candidates.filter((move) => {
    const { total } = copiedBytes(move, disks)
    const each = total / Math.max(1, move.adding.length)
    const fits = move.adding.every((id) => {
      const disk = disks.leastFree.get(id)
      if (disk === undefined) return true
      const room = disk.usable - disk.total * KEEP_FREE_SHARE
      const bytes = (coming.get(id) ?? 0) + each
      return bytes + growthOf(id) * (bytes / bytesPerSec) <= room
    })
    if (!fits) return false
    for (const id of move.adding) coming.set(id, (coming.get(id) ?? 0) + each)
    return true
  })
}
