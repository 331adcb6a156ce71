import type { HostCheck } from './preflight.js'

/** Brokers whose process started at or after a moment: they are as new as was asked for. Times are by our own clock. */
export function findRestartedSince(
  checks: readonly HostCheck[],
  sinceMs: number | null,
  nowMs: number,
): readonly number[] {
  if (sinceMs === null) return []
  return checks
    .filter(
      ({ running, ageSeconds }) =>
        running && ageSeconds !== null && nowMs - ageSeconds * 1000 >= sinceMs,
    )
    .map(({ broker }) => broker)
}
