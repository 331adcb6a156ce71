import type { Snapshot, TrafficStatistic } from '../model/snapshot.js'
import type { ClusterReader } from '../ports/cluster-reader.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'

const STATISTICS: readonly TrafficStatistic[] = ['max', 'p95', 'mean']
/** A reading that ends sooner needs no progress; only a sick cluster takes longer. */
const QUIET_MS = 1_500

/** Flags that say where a snapshot comes from. */
export interface SnapshotSource {
  readonly 'from-snapshot'?: string | undefined
  /** Milliseconds. */
  readonly observe?: number | undefined
}

/** What obtaining a snapshot needs beside its flags. */
export interface SnapshotTools {
  readonly ui: Ui
  readonly signal: AbortSignal
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
  const snapshot = await readCluster(context, tools.ui)
  refusePartialView(snapshot)
  if (source.observe !== undefined) return observeCluster(context, source.observe, tools)
  const { withStatsTraffic } = await import('./compose-stats.js')
  return withStatsTraffic(context, snapshot, tools)
}

/** The live cluster without traffic, with the configured capacities; on a sick cluster too. */
export async function readCluster(context: ReadContext, ui: Ui): Promise<Snapshot> {
  const done = new AbortController()
  const work = context.withReader((reader) => readWith(reader, context)).finally(() => done.abort())
  await Promise.race([work, context.clock.sleep(QUIET_MS, done.signal)])
  if (done.signal.aborted) return work
  const progress = await ui.progress('Reading the cluster')
  try {
    return await work
  } finally {
    progress.stop()
  }
}

/** The live cluster with the traffic of the time that it is watched for. */
export async function observeCluster(
  context: ReadContext,
  durationMs: number,
  tools: SnapshotTools,
): Promise<Snapshot> {
  const { observeTraffic } = await import('../reading/traffic/observe-traffic.js')
  const { withObservedTraffic } = await import('../traffic/apply-traffic.js')
  const seconds = Math.round(durationMs / 1000)
  const progress = await tools.ui.progress(`Measuring the traffic for ${seconds} s`)
  try {
    return await context.withReader(async (reader) => {
      const { clock } = context
      const traffic = await observeTraffic(reader, { clock, durationMs, signal: tools.signal })
      return withObservedTraffic(await readWith(reader, context), traffic)
    })
  } finally {
    progress.stop()
  }
}

async function readWith(reader: ClusterReader, context: ReadContext): Promise<Snapshot> {
  const { readSnapshot } = await import('../reading/read-snapshot.js')
  const { applyConfiguredCapacity } = await import('../reading/configured-capacity.js')
  const { clusterName, clock, settings } = context
  const snapshot = await context.withZooKeeper((zookeeper) =>
    readSnapshot(reader, {
      clock,
      ...(clusterName !== undefined && { name: clusterName }),
      ...(zookeeper !== null && { zookeeper }),
    }),
  )
  return applyConfiguredCapacity(snapshot, settings.capacity)
}

/** What `snapshot save` may take a snapshot from. Times and durations in ms. */
export interface TakeFrom {
  readonly observe?: number | undefined
  readonly 'from-stats': boolean
  readonly at?: number | undefined
  readonly window?: number | undefined
  readonly statistic?: string | undefined
}

/** A snapshot to be kept: rebuilt from samples, or live, with traffic where it is asked for. Nothing is refused. */
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
  if (from.observe !== undefined) return observeCluster(context, from.observe, tools)
  return readCluster(context, tools.ui)
}

/** A snapshot from a file, as it is: also of a cluster that was seen in part. */
export async function readSnapshotFrom(file: string): Promise<Snapshot> {
  const { readSnapshotFile } = await import('../adapters/files/snapshot-file.js')
  return readSnapshotFile(file)
}

/** Writes a snapshot to a file, packed when its name ends in `.gz`. */
export async function writeSnapshotTo(file: string, snapshot: Snapshot): Promise<void> {
  const { writeSnapshotFile } = await import('../adapters/files/snapshot-file.js')
  await writeSnapshotFile(file, snapshot)
}
