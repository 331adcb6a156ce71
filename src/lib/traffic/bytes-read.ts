import { splitRuns, type CommitPoint } from './commit-runs.js'
import { valueAt, type Curve } from './curve.js'
import { fastestPace, paceOf, positionAt } from './read-position.js'

/** What is needed to turn the commits of groups on one partition into bytes. */
export interface ReadContext {
  readonly fromMs: number
  readonly toMs: number
  /** Offset to bytes before it. */
  readonly bytesByOffset: Curve
  /** Time to log end offset. */
  readonly endOffsetByTime: Curve
  /** Usual time between two readings. */
  readonly stepMs: number
}

/** Bytes of the records from one offset up to another; never negative. */
function bytesBetween(curve: Curve, from: number, to: number): number {
  return Math.max(0, valueAt(curve, to, 'local') - valueAt(curve, from, 'local'))
}

/**
 * Bytes that one group read from one partition between two moments. Each stretch between rewinds counts what was read
 * since; `points` (oldest first) may begin before the interval, which makes its beginning more certain.
 */
export function bytesReadBy(points: readonly CommitPoint[], context: ReadContext): number {
  const { endOffsetByTime: ends, stepMs } = context
  const runs = splitRuns(points)
  const common = { ends, stepMs, fastestPerMs: fastestPace(runs) }
  return runs.reduce((sum, run) => {
    const fromMs = Math.max(run.fromMs, context.fromMs)
    const toMs = Math.min(run.toMs, context.toMs)
    if (toMs <= fromMs) return sum
    const pace = paceOf(run, common)
    const span = [positionAt(pace, fromMs), positionAt(pace, toMs)] as const
    return sum + bytesBetween(context.bytesByOffset, ...span)
  }, 0)
}
