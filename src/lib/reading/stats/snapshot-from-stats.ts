import { OperatorError } from '../../errors/operator-error.js'
import type { Snapshot, TrafficStatistic } from '../../model/snapshot.js'
import type { RecordReader } from '../../ports/record-log.js'
import { withWindowTraffic } from '../../traffic/apply-traffic.js'
import { openSightingsFinder, type BrokerSightings } from '../../traffic/broker-sightings.js'
import { snapshotFromSamples } from '../../traffic/from-samples.js'
import { openCollectionFinder } from '../../traffic/newest-collection.js'
import type { BrokerSample } from '../../traffic/sample.js'
import { openWindow, type TrafficWindow } from '../../traffic/window.js'
import { sampleCodec } from './codec/sample-codec.js'
import { readSamples, type SampleCount } from './read-samples.js'
import { statsNotices } from './stats-notices.js'

/** Which figures are wanted from the stats topic. */
export interface StatsRequest {
  readonly topic: string
  /** Absent: the only cluster that the topic has samples of. */
  readonly clusterId?: string
  /** The moment that is looked at; samples that end later do not count. */
  readonly atMs: number
  readonly windowMs: number
  readonly statistic: TrafficStatistic
  /** Default `admin`. */
  readonly source?: string
  readonly signal?: AbortSignal
}

/** A window of samples, and the cluster as the newest of them saw it. */
export interface StatsView {
  readonly window: TrafficWindow
  /** Without traffic; null when the topic has no sample of the cluster in the window. */
  readonly state: Snapshot | null
  readonly missingBrokers: readonly number[]
  readonly count: SampleCount
  /** What these figures do not hold. */
  readonly notices: readonly string[]
  /** Of these, what the source itself said. */
  readonly sourceNotices: readonly string[]
  readonly source: string
  /** What the samples tell of each broker, by id. */
  readonly sightings: ReadonlyMap<number, BrokerSightings>
}

interface PerCluster {
  readonly finder: ReturnType<typeof openCollectionFinder>
  readonly sightings: ReturnType<typeof openSightingsFinder>
  readonly window: TrafficWindow
}

/** Reads a window of samples. Throws OperatorError when the topic does not exist or holds several clusters to choose from. */
export async function readStats(reader: RecordReader, request: StatsRequest): Promise<StatsView> {
  const { topic, atMs, windowMs, statistic, source = 'admin', clusterId, signal } = request
  const fromMs = atMs - windowMs
  const clusters = new Map<string, PerCluster>()
  const open = (): PerCluster => ({
    finder: openCollectionFinder(atMs),
    sightings: openSightingsFinder(),
    window: openWindow({ fromMs, toMs: atMs, statistic, source }),
  })
  const take = (sample: BrokerSample): void => {
    const cluster = clusters.get(sample.clusterId) ?? open()
    clusters.set(sample.clusterId, cluster)
    cluster.finder.add(sample)
    cluster.sightings.add(sample)
    cluster.window.add(sample)
  }
  const which = { topic, fromMs, toMs: atMs, ...(clusterId !== undefined && { clusterId }) }
  const count = await readSamples(
    reader,
    sampleCodec(),
    { ...which, ...(signal && { signal }) },
    take,
  )
  if (clusters.size > 1) throw severalClusters(topic, [...clusters.keys()].sort())
  const { finder, window, sightings: seen } = [...clusters.values()][0] ?? open()
  const newest = finder.newest()
  const rebuilt = snapshotFromSamples(newest)
  const missingBrokers = rebuilt?.missingBrokers ?? []
  const notices = statsNotices({ window, newest, missingBrokers, count, atMs, windowMs })
  const sourceNotices = [...new Set(newest.flatMap((sample) => sample.notices))]
  const state = rebuilt?.snapshot ?? null
  const sightings = seen.sightings(newest)
  return { window, state, missingBrokers, count, notices, sourceNotices, source, sightings }
}

/**
 * The cluster as the samples saw it, with the statistic of the window that ends there: a way back in time. Throws
 * OperatorError when there is nothing to rebuild it from.
 */
export async function snapshotFromStats(
  reader: RecordReader,
  request: StatsRequest,
): Promise<Snapshot> {
  const view = await readStats(reader, request)
  if (view.state === null) throw noSamples(request)
  const { statistic } = request
  const { source, notices, missingBrokers } = view
  const snapshot = withWindowTraffic(view.state, view.window, { statistic, source, notices })
  if (missingBrokers.length === 0) return snapshot
  const warning = `samples of brokers ${missingBrokers.join(', ')} are missing: what they lead is not in this snapshot`
  return { ...snapshot, warnings: [...(snapshot.warnings ?? []), warning] }
}

function noSamples({ topic, atMs, windowMs, clusterId }: StatsRequest): OperatorError {
  const to = new Date(atMs).toISOString()
  const from = new Date(atMs - windowMs).toISOString()
  const whose = clusterId === undefined ? '' : ` of cluster ${clusterId}`
  return new OperatorError({
    code: 'NO_SAMPLES',
    message: `topic ${topic} has no samples${whose} between ${from} and ${to}`,
    nextSteps: [
      'Start a collector: klinic stats collect',
      'Or measure on the spot with --observe 60s.',
    ],
    exit: 'refused',
  })
}

function severalClusters(topic: string, ids: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'SEVERAL_CLUSTERS',
    message: `topic ${topic} has samples of ${ids.length} clusters: ${ids.join(', ')}`,
    nextSteps: ['Choose one with --cluster NAME or --cluster-id ID.'],
    exit: 'usage',
  })
}
