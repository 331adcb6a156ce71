import { leaderSize, type PartitionReading } from './reading.js'

/** What happened to a partition's log between two readings that follow each other. */
export interface Step {
  readonly before: PartitionReading
  readonly after: PartitionReading
  readonly ms: number
  readonly records: number
  /** Bytes by which the leader's log grew; negative when more was removed than added. */
  readonly growth: number
  /** `exact`: `growth` is what came in. `estimated`: records count. `excluded`: the leader changed meanwhile. */
  readonly kind: 'exact' | 'estimated' | 'excluded'
}

function kindOf(before: PartitionReading, after: PartitionReading, growth: number): Step['kind'] {
  if (before.leader !== after.leader || before.leaderEpoch !== after.leaderEpoch) return 'excluded'
  const nothingCut =
    before.logStartOffset !== undefined && before.logStartOffset === after.logStartOffset
  return nothingCut && growth >= 0 ? 'exact' : 'estimated'
}

/** The steps between readings of one life that all have a size of the leader's log. */
export function stepsOf(readings: readonly PartitionReading[]): readonly Step[] {
  return readings.slice(1).flatMap((after, index) => {
    const before = readings[index]
    if (before === undefined) return []
    const growth = (leaderSize(after) ?? 0) - (leaderSize(before) ?? 0)
    return [
      {
        before,
        after,
        ms: after.sizesAtMs - before.sizesAtMs,
        records: (after.logEndOffset ?? 0) - (before.logEndOffset ?? 0),
        growth,
        kind: kindOf(before, after, growth),
      },
    ]
  })
}

/**
 * The readings since the partition was last created anew (another topic id) or lost records (its end fell back), without
 * those in which it had no leader: offsets before and after such a moment do not belong together.
 */
export function currentLife(readings: readonly PartitionReading[]): {
  readonly life: readonly PartitionReading[]
  readonly hadEarlierLife: boolean
} {
  const readable = readings.filter((r) => r.leader !== null && r.logEndOffset !== undefined)
  let start = 0
  readable.forEach((reading, index) => {
    const before = readable[index - 1]
    if (before === undefined) return
    const anew = reading.topicId !== before.topicId
    if (anew || (reading.logEndOffset ?? 0) < (before.logEndOffset ?? 0)) start = index
  })
  return { life: readable.slice(start), hadEarlierLife: start > 0 }
}
