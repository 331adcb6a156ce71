import type { RollDeps, RollTimes } from './roll-deps.js'

/** How much longer than asked a pause may become while consumers fall behind. */
const STRETCH = 10
const LOOK_EVERY_MS = 10_000

/** True when consumers have more to read than at the look before; false too where nobody can tell. */
async function hasGrown(
  deps: RollDeps,
  last: { lag: number | null },
): Promise<{ readonly grew: boolean; readonly lag: number | null }> {
  const before = last.lag
  const lag = await deps.consumerLag()
  last.lag = lag
  return { grew: before !== null && lag !== null && lag > before, lag }
}

/**
 * The pause between two batches. It lasts `soakMs`, and longer (ten times that at most) for as long as the lag of the
 * consumers of `--consumer-gate` grows.
 */
export async function soak(deps: RollDeps, times: RollTimes): Promise<void> {
  if (times.soakMs === 0) return
  const startMs = deps.clock.nowMs()
  const last = { lag: await deps.consumerLag() }
  let said = false
  for (;;) {
    const elapsedMs = deps.clock.nowMs() - startMs
    const restMs = Math.max(times.soakMs - elapsedMs, 0)
    await deps.clock.sleep(restMs === 0 ? LOOK_EVERY_MS : restMs, deps.signal)
    const waitedMs = deps.clock.nowMs() - startMs
    if (deps.signal.aborted || waitedMs >= times.soakMs * STRETCH) return
    const { grew, lag } = await hasGrown(deps, last)
    if (!grew) return
    if (!said) {
      const text = `consumers fall behind: their lag grew to ${lag ?? '?'} records (soak)`
      deps.say({ type: 'wait', broker: null, text, waitedMs })
    }
    said = true
  }
}
