import type { Snapshot } from '../model/snapshot.js'
import type { ClusterReader } from '../ports/cluster-reader.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'

/** A reading that ends sooner needs no progress; only a sick cluster takes longer. */
const QUIET_MS = 1_500

/** What obtaining a snapshot needs beside its flags. */
export interface SnapshotTools {
  readonly ui: Ui
  readonly signal: AbortSignal
  /** Evidence of the brokers is gathered next: those that are slow to answer are looked at meanwhile. */
  readonly evidenceNext?: true
}

/** The live cluster without traffic, with the configured capacities; on a sick cluster too. */
export async function readCluster(
  context: ReadContext,
  ui: Ui,
  { evidenceNext }: Pick<SnapshotTools, 'evidenceNext'> = {},
): Promise<Snapshot> {
  const done = new AbortController()
  const work = context
    .withReader((reader) => readWith(reader, context, evidenceNext))
    .finally(() => done.abort())
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

async function readWith(
  reader: ClusterReader,
  context: ReadContext,
  evidenceNext?: true,
): Promise<Snapshot> {
  const { readSnapshot } = await import('../reading/read-snapshot.js')
  const { applyConfiguredCapacity } = await import('../reading/configured-capacity.js')
  const { clusterName, clock, settings } = context
  const early = evidenceNext === true ? await context.withBrokerProbe(given) : null
  const snapshot = await context.withZooKeeper((zookeeper) =>
    readSnapshot(reader, {
      clock,
      ...(early !== null && { onSlow: (broker) => early.begin(broker) }),
      ...(clusterName !== undefined && { name: clusterName }),
      ...(zookeeper !== null && { zookeeper }),
    }),
  )
  context.avoid(notAnswering(snapshot))
  return applyConfiguredCapacity(snapshot, settings.capacity)
}

const given = <T>(value: T): Promise<T> => Promise.resolve(value)

/** Addresses of brokers that it is no use to ask anything more. */
const notAnswering = ({ brokers }: Snapshot): readonly string[] =>
  brokers
    .filter(({ state, unreachable }) => state === 'dead' || unreachable !== undefined)
    .map(({ host, port }) => `${host}:${port}`)

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
