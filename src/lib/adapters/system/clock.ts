import type { Clock } from '../../ports/clock.js'

/**
 * Time for waits and for timestamps at once: the time of the day when the process began, and what has passed since by a clock
 * that nobody sets. Where the machine's clock is set back (NTP, by minutes) no wait, rate or deadline stands still until it has
 * caught up; timestamps, windows and `--until` are then ahead of it by that step, for as long as the process lives. Where it
 * is set forward, or the machine slept, this follows at once: a window closes on time, and a wait may end early, once.
 */
export function anchorTime(wallMs: () => number, elapsedMs: () => number): () => number {
  let anchorMs = wallMs() - elapsedMs()
  return () => {
    anchorMs = Math.max(anchorMs, wallMs() - elapsedMs())
    return Math.floor(anchorMs + elapsedMs())
  }
}

/** The machine's own clock; see {@link anchorTime} for what becomes of it when it is set. */
export const systemClock: Clock = {
  nowMs: anchorTime(
    () => Date.now(),
    () => performance.now(),
  ),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const onAbort = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}
