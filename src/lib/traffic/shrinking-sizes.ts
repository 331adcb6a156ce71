import { medianOf } from './commit-runs.js'
import type { PartitionReading } from './reading.js'
import type { Step } from './steps.js'

/**
 * Compaction and tiered storage take bytes out of a log without moving its start, so growth is a lower bound. Each replica
 * is cleaned by its own broker at its own time: where a follower grew clearly more, its growth is the truer one. A step
 * that then still gained clearly fewer bytes per record than the steps around it was cleaned, and its records are counted
 * instead. (Small records come in phases, which the steps around a step share; cleaning is over at once.)
 */
const CLEARLY_LESS = 0.9
const CLEANED_BELOW = 0.7
/** Replicas that agree were hardly cleaned in the same moments: then only a large gap counts as cleaning. */
const CLEANED_BELOW_WHEN_AGREED = 0.4
/** Steps on either side that a step is compared with. */
const AROUND = 2

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

/** Bytes per record that are usual around a step: the median of its neighbours and itself; 0 when all were idle. */
function usualAround(steps: readonly Step[], index: number): number {
  const near = steps.slice(Math.max(0, index - AROUND), index + AROUND + 1)
  const weights = near.filter((s) => s.records > 0 && s.kind !== 'excluded')
  return Math.max(0, medianOf(weights.map((step) => step.growth / step.records)) ?? 0)
}

/** Corrects and classifies the steps of a log that may shrink in the middle. */
export function trustShrinkingSteps(steps: readonly Step[]): readonly Step[] {
  const judged = steps.map((step) => {
    const follower = followerGrowth(step)
    const replaced = follower !== undefined && follower > 0 && step.growth < CLEARLY_LESS * follower
    const agreed = follower !== undefined && !replaced && step.growth <= follower / CLEARLY_LESS
    return { step: replaced ? { ...step, growth: follower } : step, agreed }
  })
  const corrected = judged.map(({ step }) => step)
  return judged.map(({ step, agreed }, index) => {
    if (step.kind === 'excluded') return step
    const share = agreed ? CLEANED_BELOW_WHEN_AGREED : CLEANED_BELOW
    const floor = share * usualAround(corrected, index) * step.records
    const startMoved = step.before.logStartOffset !== step.after.logStartOffset
    const cleaned = startMoved || step.growth < floor
    return { ...step, kind: cleaned ? 'estimated' : 'exact' }
  })
}
