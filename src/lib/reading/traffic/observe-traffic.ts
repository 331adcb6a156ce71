import { OperatorError } from '../../errors/operator-error.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { IntervalTraffic } from '../../traffic/interval.js'
import { nextRoundDelayMs } from './round-pace.js'
import { watchTraffic } from './traffic-watch.js'

/** How far an observation is. */
export interface ObserveProgress {
  readonly elapsedMs: number
  readonly durationMs: number
  readonly readings: number
}

/** How long to look, and at which pace. */
export interface ObserveOptions {
  readonly clock: Clock
  readonly durationMs: number
  /** Time between rounds; default 1 to 5 s by the duration, more on a cluster that takes long to answer. */
  readonly stepMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ObserveProgress) => void
}

/** The shortest time over which a difference means something. */
export const MIN_OBSERVE_MS = 5_000

/**
 * Measures the traffic of a cluster for a while, through the Kafka protocol alone; it leaves no topic, group or config
 * behind. Throws the signal's reason when stopped, OperatorError when the cluster cannot be read.
 */
export async function observeTraffic(
  reader: ClusterReader,
  options: ObserveOptions,
): Promise<IntervalTraffic> {
  const { clock, durationMs, signal } = options
  if (durationMs < MIN_OBSERVE_MS) throw tooShort(durationMs)
  const watch = watchTraffic(reader, clock)
  let { tookMs } = await watch.round()
  const startMs = watch.lastReadingMs() ?? clock.nowMs()
  const endMs = startMs + durationMs
  for (let readings = 1; clock.nowMs() < endMs; readings += 1) {
    options.onProgress?.({ elapsedMs: clock.nowMs() - startMs, durationMs, readings })
    await clock.sleep(
      nextRoundDelayMs({ nowMs: clock.nowMs(), startMs, endMs, tookMs, stepMs: options.stepMs }),
      signal,
    )
    signal?.throwIfAborted()
    tookMs = (await watch.round()).tookMs
  }
  return watch.measure(startMs)
}

function tooShort(durationMs: number): OperatorError {
  return new OperatorError({
    code: 'OBSERVATION_TOO_SHORT',
    message: `an observation of ${durationMs / 1000} s is too short to measure traffic`,
    nextSteps: [`Observe for at least ${MIN_OBSERVE_MS / 1000} s; 60 s gives figures that hold.`],
    exit: 'usage',
  })
}
