import { copiedBytes, type DiskReading } from './copied-bytes.js'
import type { Move } from './moves.js'

/** Time and pace that {@link movesThatEndInTime} works with. */
export interface TimeLeft {
  readonly secondsLeft: number
  /** For each broker and direction. */
  readonly bytesPerSec: number
}

/**
 * Of the moves that could start, those that end in the time that is left beside all that is under way: at each broker,
 * bytes to receive and bytes to send (by the first replica of the old list) at the pace of the throttle. Moves that copy
 * nothing always do.
 */
export function movesThatEndInTime(
  candidates: readonly Move[],
  underWay: readonly Move[],
  disks: DiskReading,
  { secondsLeft, bytesPerSec }: TimeLeft,
): readonly Move[] {
  const most = Math.max(0, secondsLeft) * bytesPerSec
  const lanes = new Map<string, number>()
  const add = (bytes: readonly (readonly [string, number])[]): void => {
    for (const [lane, count] of bytes) lanes.set(lane, (lanes.get(lane) ?? 0) + count)
  }
  for (const move of underWay) add(bytesByLane(move, disks))
  return candidates.filter((move) => {
    const bytes = bytesByLane(move, disks)
    if (bytes.some(([lane, count]) => count > 0 && (lanes.get(lane) ?? 0) + count > most)) {
      return false
    }
    add(bytes)
    return true
  })
}

function bytesByLane(move: Move, disks: DiskReading): readonly (readonly [string, number])[] {
  const { copied, total } = copiedBytes(move, disks)
  const left = Math.max(0, total - copied)
  const each = left / Math.max(1, move.adding.length)
  return [
    ...move.adding.map((id) => [`${id} in`, each] as const),
    [`${move.from[0] ?? -1} out`, left] as const,
  ]
}
