import { OperatorError } from '../errors/operator-error.js'
import type { CollectionSummary } from '../report/stats/collection-summary.js'
import type { SampleTarget } from './compose-stats.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'

/** How to collect; without `durationMs` until the signal comes. */
export interface CollectIntoOptions {
  readonly intervalMs: number
  readonly durationMs?: number | undefined
  readonly ui: Pick<Ui, 'progress' | 'warn'>
  readonly signal: AbortSignal
}

const SHORTEST_INTERVAL_MS = 10_000

/** Measures a cluster interval after interval into a target; what it did is the result. */
export async function collectInto(
  context: ReadContext,
  target: SampleTarget,
  options: CollectIntoOptions,
): Promise<CollectionSummary> {
  const { intervalMs, durationMs, ui, signal } = options
  if (intervalMs < SHORTEST_INTERVAL_MS) throw tooShort(intervalMs)
  const { collect } = await import('../reading/stats/collect.js')
  const { readSnapshot } = await import('../reading/read-snapshot.js')
  const { summariseCollection } = await import('../report/stats/collection-summary.js')
  const { clock, clusterName: name } = context
  const tally = summariseCollection(target.name)
  const progress = await ui.progress(`Measuring ${intervalMs / 1000} s for a sample`)
  try {
    await context.withReader((reader) =>
      context.withZooKeeper((zookeeper) =>
        collect(reader, {
          clock,
          intervalMs,
          ...(durationMs !== undefined && { durationMs }),
          signal,
          readState: () =>
            readSnapshot(reader, {
              clock,
              ...(name !== undefined && { name }),
              ...(zookeeper !== null && { zookeeper }),
            }),
          publish: async (collected) => {
            await target.publish(collected)
            tally.add(collected.samples)
          },
          onProgress: ({ elapsedMs, samples }) => {
            const done = samples === 0 ? '' : `, ${samples} published`
            progress.update(
              `Measuring ${Math.round(elapsedMs / 1000)} of ${intervalMs / 1000} s for a sample${done}`,
            )
          },
          onTrouble: (error) => ui.warn(`${error.message} Collecting goes on.`),
        }),
      ),
    )
  } finally {
    progress.stop()
  }
  return tally.summary()
}

function tooShort(intervalMs: number): OperatorError {
  return new OperatorError({
    code: 'INTERVAL_TOO_SHORT',
    message: `an interval of ${intervalMs / 1000} s is too short for samples`,
    nextSteps: [`Use --interval ${SHORTEST_INTERVAL_MS / 1000}s or more; 60s is usual.`],
    exit: 'usage',
  })
}
