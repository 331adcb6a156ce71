import { curveOf, type Curve } from './curve.js'
import type { Exclusion } from './interval.js'
import { leaderSize, type PartitionReading } from './reading.js'
import { stepsOf, type Step } from './steps.js'
import { trustShrinkingSteps } from './shrinking-sizes.js'

/**
 * How the log of one partition grew. Bytes are what the leader's log gained where its size can be believed (nothing was
 * cut off, compacted or moved), else records × bytes per record.
 */
export interface Growth {
  /** Undefined when nothing could be measured. */
  readonly bytesIn?: number
  readonly coveredMs: number
  readonly estimatedShare: number
  readonly exclusions: readonly Exclusion[]
  /** Offset to bytes before it, relative to the log's end at the start. */
  readonly bytesByOffset: Curve
  /** Time to log end offset. */
  readonly endOffsetByTime: Curve
}

/** Under this share of believable growth the log's own average is the better figure for bytes per record. */
const ENOUGH_EXACT_SHARE = 0.2

function averageOf(reading: PartitionReading): number | undefined {
  const size = leaderSize(reading)
  const records = (reading.logEndOffset ?? 0) - (reading.logStartOffset ?? 0)
  return size === undefined || records <= 0 ? undefined : size / records
}

function bytesPerRecordOf(
  steps: readonly Step[],
  shrinks: boolean,
): (step: Step) => number | undefined {
  const exact = steps.filter((step) => step.kind === 'exact')
  const exactRecords = exact.reduce((sum, step) => sum + step.records, 0)
  const exactBytes = exact.reduce((sum, step) => sum + step.growth, 0)
  const allRecords = steps.reduce((sum, step) => sum + step.records, 0)
  const measured = exactRecords > 0 ? exactBytes / exactRecords : undefined
  if (measured !== undefined && exactRecords >= ENOUGH_EXACT_SHARE * allRecords)
    return () => measured
  return (step) => (shrinks ? measured : undefined) ?? averageOf(step.after) ?? measured
}

/** Bytes of every step, in order; undefined where not even an estimate is possible. */
function bytesOf(steps: readonly Step[], shrinks: boolean): readonly (number | undefined)[] {
  const perRecord = bytesPerRecordOf(steps, shrinks)
  return steps.map((step) => {
    if (step.kind === 'exact') return step.growth
    if (step.records === 0) return 0
    const each = perRecord(step)
    return each === undefined ? undefined : each * step.records
  })
}

function bytesByOffsetOf(
  first: PartitionReading,
  steps: readonly Step[],
  bytes: readonly (number | undefined)[],
): Curve {
  const end = first.logEndOffset ?? 0
  const points: [number, number][] = [[end, 0]]
  const size = leaderSize(first)
  if (size !== undefined && first.logStartOffset !== undefined && first.logStartOffset < end)
    points.unshift([first.logStartOffset, -size])
  let total = 0
  steps.forEach((step, index) => {
    total += bytes[index] ?? 0
    points.push([step.after.logEndOffset ?? end, total])
  })
  return curveOf(points)
}

interface Tally {
  readonly bytesIn: number
  readonly estimated: number
  readonly coveredMs: number
}

function tallyOf(
  steps: readonly Step[],
  bytes: readonly (number | undefined)[],
  fromMs: number,
): Tally {
  return steps.reduce<Tally>(
    (sum, step, index) => {
      const gained = bytes[index]
      const outside = step.before.sizesAtMs < fromMs
      if (outside || step.kind === 'excluded' || gained === undefined) return sum
      return {
        bytesIn: sum.bytesIn + gained,
        estimated: sum.estimated + (step.kind === 'estimated' ? gained : 0),
        coveredMs: sum.coveredMs + step.ms,
      }
    },
    { bytesIn: 0, estimated: 0, coveredMs: 0 },
  )
}

/**
 * Measures the readings of one life of a partition (see `currentLife`), oldest first. Readings before `fromMs` only help
 * to know the bytes of older records.
 */
export function measureGrowth(
  life: readonly PartitionReading[],
  shrinks: boolean,
  fromMs: number,
): Growth {
  const sized = life.filter((reading) => leaderSize(reading) !== undefined)
  const [first] = sized
  const endOffsetByTime = curveOf(life.map((r) => [r.offsetsAtMs, r.logEndOffset ?? 0]))
  const nothing = { coveredMs: 0, estimatedShare: 0, endOffsetByTime }
  if (first === undefined) {
    const reason = life.length === 0 ? 'no-leader' : 'no-size'
    return { ...nothing, bytesByOffset: curveOf([]), exclusions: [reason] }
  }
  const plain = stepsOf(sized)
  const steps = shrinks ? trustShrinkingSteps(plain) : plain
  const bytes = bytesOf(steps, shrinks)
  const bytesByOffset = bytesByOffsetOf(first, steps, bytes)
  const { bytesIn, estimated, coveredMs } = tallyOf(steps, bytes, fromMs)
  const moved = steps.some((s) => s.kind === 'excluded' && s.before.sizesAtMs >= fromMs)
  const exclusions: Exclusion[] = moved ? ['leader-changed'] : []
  if (coveredMs <= 0)
    return { ...nothing, bytesByOffset, exclusions: moved ? exclusions : ['too-few-readings'] }
  const estimatedShare = bytesIn > 0 ? estimated / bytesIn : 0
  return { bytesIn, coveredMs, estimatedShare, exclusions, bytesByOffset, endOffsetByTime }
}
