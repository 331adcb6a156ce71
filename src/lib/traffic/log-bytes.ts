import { curveOf, valueAt, type Curve } from './curve.js'
import { leaderSize, type PartitionReading } from './reading.js'
import type { Step } from './steps.js'

/**
 * Bytes that came in with each step, and the map from offset to bytes that follows from them. Growth of the log is
 * believed where nothing was cut off. Where retention cut, the log's size still equals the bytes between its two ends: the
 * bytes up to its new start are known when that start was written while we looked. Where even that fails, the records are
 * counted and weighed like those of the nearest steps.
 */
export interface LogBytes {
  /** In the order of the steps; undefined where not even an estimate is possible. */
  readonly gained: readonly (number | undefined)[]
  /** Offset to bytes before it; 0 is the log's end in the first reading. */
  readonly bytesByOffset: Curve
}

function averageOf(reading: PartitionReading): number | undefined {
  const size = leaderSize(reading)
  const records = (reading.logEndOffset ?? 0) - (reading.logStartOffset ?? 0)
  return size === undefined || records <= 0 ? undefined : size / records
}

/** Bytes per record of the exact steps around one step: the nearest before and the nearest after it. */
function neighboursWeight(steps: readonly Step[], index: number): number | undefined {
  const usable = (step: Step): boolean => step.kind === 'exact' && step.records > 0
  const before = steps.slice(0, index).findLast(usable)
  const after = steps.slice(index + 1).find(usable)
  const near = [before, after].filter((step) => step !== undefined)
  const records = near.reduce((sum, step) => sum + step.records, 0)
  return records === 0 ? undefined : near.reduce((sum, step) => sum + step.growth, 0) / records
}

function byRecords(steps: readonly Step[], index: number, shrinks: boolean): number | undefined {
  const step = steps[index]
  if (step === undefined || step.records === 0) return 0
  const each = neighboursWeight(steps, index) ?? (shrinks ? undefined : averageOf(step.after))
  return each === undefined ? undefined : each * step.records
}

interface Cut {
  readonly steps: readonly Step[]
  readonly index: number
  readonly step: Step
  /** The map so far, up to the step's beginning. */
  readonly known: Curve
  readonly total: number
}

/** Bytes of a step in which retention cut off the oldest records. */
function acrossCut({ steps, index, step, known, total }: Cut): number | undefined {
  const start = step.after.logStartOffset
  const size = leaderSize(step.after)
  const weighed = byRecords(steps, index, false)
  if (start === undefined || size === undefined) return weighed
  const conserved = Math.max(0, size + valueAt(known, start, 'local') - total)
  const firstEnd = steps[0]?.before.logEndOffset ?? 0
  if (start >= firstEnd || weighed === undefined) return conserved
  const cutBytes = conserved - step.growth
  return cutBytes < weighed ? conserved : weighed
}

type Knot = readonly [offset: number, bytes: number]

/** What is known of the records before the first reading: their total, and remembered knots among them. */
function olderKnots(first: PartitionReading, remembered: readonly Knot[]): readonly Knot[] {
  const end = first.logEndOffset ?? 0
  const start = first.logStartOffset
  const size = leaderSize(first)
  if (size === undefined || start === undefined || start >= end) return remembered
  const [oldest] = remembered
  if (oldest === undefined) return [[start, -size]]
  return oldest[0] <= start ? remembered : [[start, Math.min(-size, oldest[1])], ...remembered]
}

/**
 * Weighs all steps of one life, oldest first. `remembered` are knots of older records, in bytes relative to the log's end
 * in the first reading.
 */
export function weighSteps(
  steps: readonly Step[],
  shrinks: boolean,
  remembered: readonly Knot[] = [],
): LogBytes {
  const first = steps[0]?.before
  const end = first?.logEndOffset ?? 0
  const knots: Knot[] = first === undefined ? [] : [...olderKnots(first, remembered)]
  const x = [...knots.map(([offset]) => offset), end]
  const y = [...knots.map(([, bytes]) => bytes), 0]
  let total = 0
  const gained = steps.map((step, index) => {
    const cut = step.kind === 'estimated' && !shrinks
    const bytes =
      step.kind === 'exact'
        ? step.growth
        : cut
          ? acrossCut({ steps, index, step, known: { x, y }, total })
          : byRecords(steps, index, shrinks)
    total += bytes ?? 0
    x.push(step.after.logEndOffset ?? end)
    y.push(total)
    return bytes
  })
  return { gained, bytesByOffset: curveOf(x.map((offset, i) => [offset, y[i] ?? 0])) }
}
