import type { TrafficStatistic } from '../model/snapshot.js'

/** A mean with the time behind it. */
export interface WeightedMean {
  readonly mean: number
  readonly weightMs: number
}

/** The statistic of means in any order: `mean` is weighted by time, `p95` is the nearest rank. Undefined for none. */
export function statisticOf(
  means: readonly WeightedMean[],
  statistic: TrafficStatistic,
): number | undefined {
  if (means.length === 0) return undefined
  const sorted = [...means].sort((a, b) => a.mean - b.mean || a.weightMs - b.weightMs)
  if (statistic === 'max') return sorted.at(-1)?.mean
  if (statistic === 'p95') return sorted[Math.ceil(0.95 * sorted.length) - 1]?.mean
  const total = sorted.reduce((sum, { weightMs }) => sum + weightMs, 0)
  return sorted.reduce((sum, { mean, weightMs }) => sum + mean * weightMs, 0) / total
}
