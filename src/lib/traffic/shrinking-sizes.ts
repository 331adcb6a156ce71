import type { PartitionReading } from './reading.js'
import type { Step } from './steps.js'

/**
 * Compaction and tiered storage take bytes out of a log without moving its start, so growth is a lower bound. Each replica
 * is cleaned by its own broker at its own time: where a follower grew clearly more, its growth is the truer one. What
 * then still gained clearly fewer bytes per record than most steps did was cleaned, and its records are counted instead.
 */
const CLEARLY_LESS = 0.9
const USUAL_QUANTILE = 0.75
const CLEANED_BELOW = 0.85
/** Replicas that agree were hardly cleaned in the same moments: then only a large gap counts as cleaning. */
const CLEANED_BELOW_WHEN_AGREED = 0.4

function sizeOf(reading: PartitionReading, broker: number): number | undefined {
  return reading.replicaSizes.get(broker)
}

/** The largest growth of a follower over the step; undefined without a follower that both readings know. */
function followerGrowth({ before, after }: Step): number | undefined {
  const growths = [...after.replicaSizes.keys()]
    .filter((broker) => broker !== after.leader)
    .flatMap((broker) => {
      const was = sizeOf(before, broker)
      const is = sizeOf(after, broker)
      return was === undefined || is === undefined ? [] : [is - was]
    })
  return growths.length === 0 ? undefined : Math.max(...growths)
}

/** Bytes per record that most records came with: a quantile over steps, weighted by records. */
function usualBytesPerRecord(steps: readonly Step[]): number {
  const busy = steps
    .filter((step) => step.records > 0)
    .sort((a, b) => a.growth / a.records - b.growth / b.records)
  const wanted = USUAL_QUANTILE * busy.reduce((sum, step) => sum + step.records, 0)
  let seen = 0
  for (const step of busy) {
    seen += step.records
    if (seen >= wanted) return Math.max(0, step.growth / step.records)
  }
  return 0
}

/** Corrects and classifies the steps of a log that may shrink in the middle. */
export function trustShrinkingSteps(steps: readonly Step[]): readonly Step[] {
  const judged = steps.map((step) => {
    const follower = followerGrowth(step)
    const replaced = follower !== undefined && follower > 0 && step.growth < CLEARLY_LESS * follower
    const agreed = follower !== undefined && !replaced && step.growth <= follower / CLEARLY_LESS
    return { step: replaced ? { ...step, growth: follower } : step, agreed }
  })
  const usual = usualBytesPerRecord(
    judged.filter(({ step }) => step.kind !== 'excluded').map(({ step }) => step),
  )
  return judged.map(({ step, agreed }) => {
    if (step.kind === 'excluded') return step
    const floor = (agreed ? CLEANED_BELOW_WHEN_AGREED : CLEANED_BELOW) * usual * step.records
    const startMoved = step.before.logStartOffset !== step.after.logStartOffset
    const cleaned = startMoved || step.growth < Math.max(floor, 0)
    return { ...step, kind: cleaned ? 'estimated' : 'exact' }
  })
}
