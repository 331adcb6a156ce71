/** After a reassignment or a change of leader a 15-minute moving average needs this long to forget. */
export const SETTLING_MS = 30 * 60_000

/** What one sample says of a partition, as far as exclusion is concerned. */
export interface ObservedMoment {
  readonly fromMs: number
  readonly toMs: number
  readonly leader: number
  readonly reassigning: boolean
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Times in which a moving average of the partition says little; the order of the moments does not matter. */
function unsettledSpans(moments: readonly ObservedMoment[]): readonly Span[] {
  const byTime = [...moments].sort((a, b) => a.toMs - b.toMs || a.fromMs - b.fromMs)
  return byTime.flatMap((moment, index): Span[] => {
    const before = byTime[index - 1]
    const spans: Span[] = []
    if (moment.reassigning) spans.push({ fromMs: moment.fromMs, toMs: moment.toMs + SETTLING_MS })
    if (before !== undefined && before.leader !== moment.leader)
      spans.push({ fromMs: before.toMs, toMs: moment.toMs + SETTLING_MS })
    return spans
  })
}

/**
 * The moments whose figures may be used when their source reports moving averages: none that overlaps with a
 * reassignment, a change of leader, or the 30 minutes after either.
 */
export function settledMoments<T extends ObservedMoment>(moments: readonly T[]): readonly T[] {
  const spans = unsettledSpans(moments)
  return moments.filter(
    (moment) => !spans.some((span) => moment.toMs > span.fromMs && moment.fromMs < span.toMs),
  )
}
