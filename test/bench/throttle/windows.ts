import type { GrowthPoint } from './log-growth.js'

const WINDOW_MS = 30_000
const WARM_UP_MS = 15_000
const STEP_MS = 1_000

/** Lowest and highest rate in any window, bytes per second. */
export interface RateRange {
  readonly windows: number
  readonly lowest: number
  readonly highest: number
}

function bytesAt(points: readonly GrowthPoint[], atMs: number): number {
  const next = points.findIndex((point) => point.atMs >= atMs)
  const after = points[next] ?? points.at(-1)
  const before = points[next - 1] ?? after
  if (after === undefined || before === undefined) return 0
  if (after.atMs === before.atMs) return after.bytes
  const share = (atMs - before.atMs) / (after.atMs - before.atMs)
  return before.bytes + (after.bytes - before.bytes) * Math.min(1, share)
}

/** First and last moment at which anything grew. */
export function workTime(points: readonly GrowthPoint[]): { fromMs: number; toMs: number } {
  const last = points.at(-1)
  const from = points.findLast(({ bytes }) => bytes === 0) ?? points[0]
  const to = points.find(({ bytes }) => bytes === last?.bytes)
  return { fromMs: from?.atMs ?? 0, toMs: to?.atMs ?? 0 }
}

/** Rates of all 30 s windows between 15 s after the first byte and the last byte. */
export function rateRange(points: readonly GrowthPoint[]): RateRange {
  const { fromMs, toMs } = workTime(points)
  const rates: number[] = []
  for (let start = fromMs + WARM_UP_MS; start + WINDOW_MS <= toMs; start += STEP_MS) {
    const grown = bytesAt(points, start + WINDOW_MS) - bytesAt(points, start)
    rates.push((grown * 1000) / WINDOW_MS)
  }
  return { windows: rates.length, lowest: Math.min(...rates), highest: Math.max(...rates) }
}
