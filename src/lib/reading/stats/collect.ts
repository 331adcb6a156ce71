import { OperatorError } from '../../errors/operator-error.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { BrokerSample } from '../../traffic/sample.js'
import { toSamples } from '../../traffic/to-samples.js'
import { MIN_OBSERVE_MS } from '../traffic/observe-traffic.js'
import { nextRoundDelayMs } from '../traffic/round-pace.js'
import { watchTraffic, type TrafficWatch } from '../traffic/traffic-watch.js'

/** What was collected at the end of one interval. */
export interface Collected {
  readonly samples: readonly BrokerSample[]
  readonly snapshot: Snapshot
  readonly fromMs: number
  readonly toMs: number
}

/** How to collect. */
export interface CollectOptions {
  readonly clock: Clock
  readonly intervalMs: number
  /** Ends after this time; absent: until the signal. Less than an interval still gives one sample. */
  readonly durationMs?: number
  /** Stopping publishes what was measured since the last sample. */
  readonly signal: AbortSignal
  /** The cluster as it stands at the end of an interval. */
  readonly readState: () => Promise<Snapshot>
  readonly publish: (collected: Collected) => Promise<void>
  /** What goes wrong in the middle of a long collection is told here, and collecting goes on. */
  readonly onTrouble?: (error: OperatorError) => void
  readonly onProgress?: (progress: { readonly elapsedMs: number; readonly samples: number }) => void
}

/** Readings from before an interval that help to place commits and old records. */
const HISTORY_MS = 3 * 60_000
/** Rounds of questions an interval: a service should hardly be noticed. */
const ROUNDS_PER_INTERVAL = 12
/** Collections that wait while the topic does not take them; older ones are dropped. */
const MAX_WAITING = 30

interface Running {
  readonly reader: ClusterReader
  readonly options: CollectOptions
  readonly watch: TrafficWatch
  readonly waiting: Collected[]
  published: number
}

async function watchUntil(run: Running, startMs: number, endMs: number): Promise<void> {
  const { clock, signal, onProgress, intervalMs } = run.options
  let tookMs = 0
  while (clock.nowMs() < endMs && !signal.aborted) {
    onProgress?.({ elapsedMs: clock.nowMs() - startMs, samples: run.published })
    const pace = {
      nowMs: clock.nowMs(),
      startMs,
      endMs,
      tookMs,
      stepMs: intervalMs / ROUNDS_PER_INTERVAL,
    }
    await clock.sleep(nextRoundDelayMs(pace), signal)
    tookMs = (await run.watch.round()).tookMs
  }
}

async function flush(run: Running): Promise<void> {
  for (let next = run.waiting[0]; next !== undefined; next = run.waiting[0]) {
    await run.options.publish(next)
    run.waiting.shift()
    run.published += 1
  }
}

async function publishInterval(run: Running, fromMs: number): Promise<number> {
  const snapshot = await run.options.readState()
  const traffic = run.watch.measure(fromMs)
  if (traffic.toMs <= traffic.fromMs) return fromMs
  run.waiting.push({
    samples: toSamples(snapshot, traffic),
    snapshot,
    fromMs: traffic.fromMs,
    toMs: traffic.toMs,
  })
  if (run.waiting.length > MAX_WAITING) run.waiting.shift()
  await flush(run)
  run.watch.remember(traffic)
  run.watch.forgetBefore(traffic.toMs - HISTORY_MS)
  return traffic.toMs
}

/** Runs one interval; trouble in the middle of a long collection is told and the next interval goes on. */
async function runInterval(run: Running, fromMs: number, endMs: number): Promise<number> {
  const { clock, signal, durationMs, intervalMs, onTrouble } = run.options
  const mayGoOn = durationMs === undefined || durationMs > intervalMs
  try {
    await watchUntil(run, fromMs, endMs)
    if (clock.nowMs() - fromMs < Math.min(MIN_OBSERVE_MS, intervalMs)) return fromMs
    return await publishInterval(run, fromMs)
  } catch (error) {
    if (!(error instanceof OperatorError) || !mayGoOn || signal.aborted) throw error
    onTrouble?.(error)
    await clock.sleep(
      Math.max(0, Math.min(endMs, clock.nowMs() + intervalMs / 4) - clock.nowMs()),
      signal,
    )
    return run.watch.lastReadingMs() ?? clock.nowMs()
  }
}

/**
 * Measures interval after interval and hands the samples of each to `publish`, until the duration is over or the signal
 * comes; then what was begun is published too. Resolves to the number of collections that were published.
 */
export async function collect(reader: ClusterReader, options: CollectOptions): Promise<number> {
  const { clock, intervalMs, durationMs, signal } = options
  const watch = watchTraffic(reader, clock)
  const run: Running = { reader, options, watch, waiting: [], published: 0 }
  await watch.round()
  let fromMs = watch.lastReadingMs() ?? clock.nowMs()
  const stopMs = durationMs === undefined ? Infinity : fromMs + durationMs
  while (fromMs < stopMs - MIN_OBSERVE_MS / 2 && !signal.aborted)
    fromMs = await runInterval(run, fromMs, Math.min(stopMs, fromMs + intervalMs))
  if (run.waiting.length > 0) await flush(run)
  return run.published
}
