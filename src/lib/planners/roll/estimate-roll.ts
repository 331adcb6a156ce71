/** The middle of some figures; null when there are none. */
function medianOf(figures: readonly number[]): number | null {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  const next = sorted[Math.ceil((sorted.length - 1) / 2)]
  return middle === undefined || next === undefined ? null : (middle + next) / 2
}

/**
 * Seconds that `batches` more batches will take, from what earlier restarts took: brokers of one batch restart at the same
 * time, so a batch counts like one broker. Null while nothing was measured.
 */
export function estimateRollSeconds(measured: readonly number[], batches: number): number | null {
  const each = medianOf(measured)
  return each === null ? null : Math.round(each * batches)
}
