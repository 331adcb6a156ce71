/** Bytes that one move has copied, and how many there are in all. */
export interface CopiedBytes {
  readonly step: number
  readonly copied: number
  readonly total: number
}

/** One reading of the bytes copied since the start of the execution. */
export interface ProgressPoint {
  readonly atMs: number
  readonly bytes: number
  /** The same for each broker and direction. */
  readonly lanes?: ReadonlyMap<string, number>
}

/** Quotas let bytes through in lumps of about 1 MB: a rate needs a window that holds many of them. */
export const RATE_WINDOW_MS = 30_000

/** Appends a reading and drops those that have left the window; the one before its start is kept as its edge. */
export function addPoint(
  points: readonly ProgressPoint[],
  point: ProgressPoint,
): readonly ProgressPoint[] {
  const start = point.atMs - RATE_WINDOW_MS
  const first = points.findIndex(({ atMs }) => atMs >= start)
  const kept = first === -1 ? points.slice(-1) : points.slice(Math.max(0, first - 1))
  return [...kept, point]
}

/** Bytes per second over the window; null before two readings at least a second apart. */
export function rateOf(points: readonly ProgressPoint[]): number | null {
  const first = points[0]
  const last = points[points.length - 1]
  if (first === undefined || last === undefined || last.atMs - first.atMs < 1000) return null
  return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs))
}

/** Seconds until all bytes are copied at this rate; null while nothing is known or nothing moves. */
export function etaSeconds(
  totals: Pick<CopiedBytes, 'copied' | 'total'>,
  bytesPerSec: number | null,
): number | null {
  const left = Math.max(0, totals.total - totals.copied)
  if (left === 0) return 0
  return bytesPerSec === null || bytesPerSec <= 0 ? null : Math.ceil(left / bytesPerSec)
}

/**
 * The least time that the throttle allows: the broker with the most bytes to send or to receive sets the pace. Bytes
 * and bytes per second; null without a throttle.
 */
export function shortestSeconds(
  bytesByBroker: ReadonlyMap<number, number>,
  throttleBytesPerSec: number | null,
): number | null {
  if (throttleBytesPerSec === null) return null
  return Math.max(0, ...bytesByBroker.values()) / throttleBytesPerSec
}
