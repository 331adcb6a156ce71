/** Where an observation stands between its rounds. */
export interface RoundPace {
  readonly nowMs: number
  readonly startMs: number
  readonly endMs: number
  /** What the last round took. */
  readonly tookMs: number
  readonly stepMs: number | undefined
}

const SHORTEST_STEP_MS = 1_000
const LONGEST_STEP_MS = 5_000
const ROUNDS = 200
/** A round may keep the cluster busy for this share of the time. */
const MAX_BUSY_SHARE = 0.1
/** At least so many rounds an interval, however slow the cluster is. */
const MIN_STEPS = 4

/** Time to sleep until the next round: on a fixed grid from the start, the last one exactly at the end. */
export function nextRoundDelayMs({ nowMs, startMs, endMs, tookMs, stepMs }: RoundPace): number {
  const usual = Math.min(LONGEST_STEP_MS, Math.max(SHORTEST_STEP_MS, (endMs - startMs) / ROUNDS))
  const gentle = Math.max(stepMs ?? usual, tookMs / MAX_BUSY_SHARE)
  const step = Math.max(1, Math.min(gentle, (endMs - startMs) / MIN_STEPS))
  // A timer may fire a little early: the round that just ended belongs to the nearest point of the grid.
  const next = startMs + (Math.round((nowMs - startMs - tookMs) / step) + 1) * step
  const tooNearTheEnd = endMs - next < step / 2
  return Math.max(0, (tooNearTheEnd ? endMs : next) - nowMs)
}
