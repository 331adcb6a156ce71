import type { Snapshot, TrafficStatistic } from '../model/snapshot.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'
import {
  observeCluster,
  readCluster,
  readSnapshotFrom,
  type SnapshotTools,
} from './compose-reading.js'

export {
  observeCluster,
  readCluster,
  readSnapshotFrom,
  writeSnapshotTo,
  type SnapshotTools,
} from './compose-reading.js'

const STATISTICS: readonly TrafficStatistic[] = ['max', 'p95', 'mean']

/** Flags that say where a snapshot comes from. */
export interface SnapshotSource {
  readonly 'from-snapshot'?: string | undefined
  /** Milliseconds. */
  readonly observe?: number | undefined
}

/**
 * The cluster to plan for, with its traffic: from a file, or live and measured on the spot (`--observe`), or live with
 * the stats topic's figures where there is one. Refuses (exit 77) a view that shows a part of the cluster only.
 */
export async function obtainSnapshot(
  context: ReadContext,
  source: SnapshotSource,
  tools: SnapshotTools,
): Promise<Snapshot> {
  const { refusePartialView } = await import('../reading/refuse-partial-view.js')
  const file = source['from-snapshot']
  if (file !== undefined) {
    const snapshot = await readSnapshotFrom(file)
    refusePartialView(snapshot)
    return snapshot
  }
  const snapshot = await readCluster(context, tools.ui, tools)
  refusePartialView(snapshot)
  await warnOfSickness(snapshot, tools.ui)
  if (source.observe !== undefined) return observeCluster(context, source.observe, tools)
  const { withStatsTraffic } = await import('./compose-stats.js')
  return withStatsTraffic(context, snapshot, tools)
}

/** Whatever is planned: who is asked to act on a sick cluster has to know what is sick, and what could not be read. */
async function warnOfSickness(snapshot: Snapshot, ui: Ui): Promise<void> {
  const { checkHealth } = await import('../health/check-health.js')
  for (const { code, severity, message } of checkHealth(snapshot))
    if (severity === 'blocker' || code === 'NOT_READ') ui.warn(message)
}

/** What `snapshot save` may take a snapshot from. Times and durations in ms. */
export interface TakeFrom {
  readonly observe?: number | undefined
  readonly 'from-stats': boolean
  readonly at?: number | undefined
  readonly window?: number | undefined
  readonly statistic?: string | undefined
}

/**
 * A snapshot to be kept: rebuilt from samples, or live with the evidence of its brokers, with traffic where it is asked
 * for. Nothing is refused.
 */
export async function takeSnapshot(
  context: ReadContext,
  from: TakeFrom,
  tools: SnapshotTools,
): Promise<Snapshot> {
  if (from['from-stats']) {
    const { snapshotFromStatsTopic } = await import('./compose-stats.js')
    const { at, window, statistic } = from
    const named = STATISTICS.find((name) => name === statistic)
    const choice = { atMs: at, windowMs: window, statistic: named }
    return snapshotFromStatsTopic(context, choice, tools)
  }
  const live =
    from.observe === undefined
      ? await readCluster(context, tools.ui, { evidenceNext: true })
      : await observeCluster(context, from.observe, tools)
  const { withEvidence } = await import('./compose-evidence.js')
  return (await withEvidence(context, live, tools, { withSamples: true })).snapshot
}
