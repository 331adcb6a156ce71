import { knotsBefore, type RememberedBytes } from './bytes-memory.js'
import { curveOf, type Curve } from './curve.js'
import type { Exclusion } from './interval.js'
import { leaderSize, type PartitionReading } from './reading.js'
import { weighSteps } from './log-bytes.js'
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

interface Tally {
  readonly bytesIn: number
  readonly estimated: number
  readonly coveredMs: number
}

function tallyOf(
  steps: readonly Step[],
  gainedBySteps: readonly (number | undefined)[],
  fromMs: number,
): Tally {
  return steps.reduce<Tally>(
    (sum, step, index) => {
      const gained = gainedBySteps[index]
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

/** What is known of the partition beside its readings. */
export interface GrowthOptions {
  /** Its log loses bytes in the middle. */
  readonly shrinks: boolean
  /** Readings before this time only help to know the bytes of older records. */
  readonly fromMs: number
  /** From intervals that were measured before. */
  readonly remembered: RememberedBytes | undefined
}

/**
 * Measures the readings of one life of a partition (see `currentLife`), oldest first.
 */
export function measureGrowth(
  life: readonly PartitionReading[],
  { shrinks, fromMs, remembered }: GrowthOptions,
): Growth {
  const sized = life.filter((reading) => leaderSize(reading) !== undefined)
  const endOffsetByTime = curveOf(life.map((r) => [r.offsetsAtMs, r.logEndOffset ?? 0]))
  const nothing = { coveredMs: 0, estimatedShare: 0, endOffsetByTime }
  if (sized.length === 0) {
    const reason = life.length === 0 ? 'no-leader' : 'no-size'
    return { ...nothing, bytesByOffset: curveOf([]), exclusions: [reason] }
  }
  const plain = stepsOf(sized)
  const steps = shrinks ? trustShrinkingSteps(plain) : plain
  // Compaction has been at what was remembered of a log that shrinks.
  const [first] = sized
  const older = shrinks ? [] : knotsBefore(remembered, first?.logEndOffset ?? 0, first?.topicId)
  const { gained, bytesByOffset } = weighSteps(steps, shrinks, older)
  const { bytesIn, estimated, coveredMs } = tallyOf(steps, gained, fromMs)
  const moved = steps.some((s) => s.kind === 'excluded' && s.before.sizesAtMs >= fromMs)
  const exclusions: Exclusion[] = moved ? ['leader-changed'] : []
  if (coveredMs <= 0)
    return { ...nothing, bytesByOffset, exclusions: moved ? exclusions : ['too-few-readings'] }
  const estimatedShare = bytesIn > 0 ? estimated / bytesIn : 0
  return { bytesIn, coveredMs, estimatedShare, exclusions, bytesByOffset, endOffsetByTime }
}
