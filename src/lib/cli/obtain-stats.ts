import type { Snapshot, TrafficStatistic } from '../model/snapshot.js'
import type { SnapshotTools } from './compose-snapshot.js'
import type { ReadContext } from './read-context.js'

/** Flags that say where figures come from. */
export interface StatsSource {
  readonly 'from-snapshot'?: string | undefined
  readonly observe?: number | undefined
  readonly at?: number | undefined
  readonly window?: number | undefined
  readonly statistic?: string | undefined
}

const STATISTICS: readonly TrafficStatistic[] = ['max', 'p95', 'mean']

/** A snapshot with traffic: from a file, measured on the spot, or from the stats topic. Opens a context only where needed. */
export async function obtainStats(
  open: () => Promise<ReadContext>,
  source: StatsSource,
  tools: SnapshotTools,
): Promise<Snapshot> {
  const { snapshotFromStatsTopic } = await import('./compose-stats.js')
  const { observeCluster, readSnapshotFrom } = await import('./compose-snapshot.js')
  const file = source['from-snapshot']
  if (file !== undefined) return readSnapshotFrom(file)
  const context = await open()
  if (source.observe !== undefined) return observeCluster(context, source.observe, tools)
  const statistic = STATISTICS.find((choice) => choice === source.statistic)
  return snapshotFromStatsTopic(
    context,
    { atMs: source.at, windowMs: source.window, statistic },
    tools,
  )
}
