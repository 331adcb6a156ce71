import type { Snapshot, TrafficStatistic } from '../model/snapshot.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Collected } from '../reading/stats/collect.js'
import type { StatsRequest, StatsView } from '../reading/stats/snapshot-from-stats.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'
import type { WriteContext } from './write-context.js'

/** Which samples of the stats topic are looked at; what is absent comes from the settings. */
export interface StatsChoice {
  readonly atMs?: number | undefined
  readonly windowMs?: number | undefined
  readonly statistic?: TrafficStatistic | undefined
  /** Default: the id that the file expects, else the id of the cluster that answers. */
  readonly clusterId?: string | undefined
}

interface Tools {
  readonly ui: Ui
  readonly signal: AbortSignal
}

/** The longest window that planning figures may cover. */
const LONGEST_WINDOW_MS = 48 * 3_600_000

async function clusterIdOf(context: ReadContext): Promise<string> {
  const { expectedClusterId } = context
  if (expectedClusterId !== undefined) return expectedClusterId
  return context.withReader(async (reader) => (await reader.readMetadata({ topics: [] })).clusterId)
}

async function requestOf(
  context: ReadContext,
  choice: StatsChoice,
  signal: AbortSignal,
): Promise<StatsRequest> {
  const { policy, topics } = context.settings
  const windowMs = choice.windowMs ?? policy.window
  if (windowMs > LONGEST_WINDOW_MS) throw windowTooLong(windowMs)
  return {
    topic: topics.stats,
    clusterId: choice.clusterId ?? (await clusterIdOf(context)),
    atMs: choice.atMs ?? context.clock.nowMs(),
    windowMs,
    statistic: choice.statistic ?? policy.statistic,
    signal,
  }
}

function windowTooLong(windowMs: number): OperatorError {
  return new OperatorError({
    code: 'WINDOW_TOO_LONG',
    message: `a window of ${Math.round(windowMs / 3_600_000)} h is longer than 48 h`,
    nextSteps: ['Use --window 48h or less.'],
    exit: 'usage',
  })
}

/** The cluster as the stats topic saw it at a moment, with the traffic of the window that ends there. */
export async function snapshotFromStatsTopic(
  context: ReadContext,
  choice: StatsChoice,
  tools: Tools,
): Promise<Snapshot> {
  const { snapshotFromStats } = await import('../reading/stats/snapshot-from-stats.js')
  const { applyConfiguredCapacity } = await import('../reading/configured-capacity.js')
  const request = await requestOf(context, choice, tools.signal)
  const progress = await tools.ui.progress(`Reading samples from ${request.topic}`)
  try {
    const snapshot = await context.withRecordReader((reader) => snapshotFromStats(reader, request))
    return applyConfiguredCapacity(snapshot, context.settings.capacity)
  } finally {
    progress.stop()
  }
}

/** Reads a window of the stats topic. Throws OperatorError when the topic does not exist. */
export async function readStatsOf(
  context: ReadContext,
  choice: StatsChoice,
  tools: Tools,
): Promise<StatsView & { readonly statistic: TrafficStatistic }> {
  const { readStats } = await import('../reading/stats/snapshot-from-stats.js')
  const request = await requestOf(context, choice, tools.signal)
  const progress = await tools.ui.progress(`Reading samples from ${request.topic}`)
  try {
    const view = await context.withRecordReader((reader) => readStats(reader, request))
    return { ...view, statistic: request.statistic }
  } finally {
    progress.stop()
  }
}

/** A live snapshot with the figures of the stats topic; as it is when that topic does not exist, or has no sample of it. */
export async function withStatsTraffic(
  context: ReadContext,
  snapshot: Snapshot,
  tools: Tools,
): Promise<Snapshot> {
  const { withWindowTraffic } = await import('../traffic/apply-traffic.js')
  const { withSightings } = await import('../traffic/broker-sightings.js')
  try {
    const view = await readStatsOf(context, { clusterId: snapshot.cluster.id }, tools)
    return withSightings(withWindowTraffic(snapshot, view.window, view), view.sightings)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const isOutOfReach = error.exit === 'unreachable'
    if (!isOutOfReach && error.code !== 'TOPIC_NOT_FOUND') throw error
    // A sick cluster may have lost its own figures: what can be planned without them still can.
    if (isOutOfReach) tools.ui.warn(`the traffic samples could not be read: ${error.message}`)
    return snapshot
  }
}

/** How far back a look at the newest samples goes. */
const RECENT_MS = 3_600_000

/**
 * What the newest samples tell of each broker, by id. Nothing without a stats topic, or while it cannot be read: a missing
 * collector is evidence of nothing.
 */
export async function readRecentSightings(
  context: ReadContext,
  clusterId: string,
  signal: AbortSignal,
): Promise<StatsView['sightings']> {
  const { readStats } = await import('../reading/stats/snapshot-from-stats.js')
  try {
    const request = await requestOf(context, { clusterId, windowMs: RECENT_MS }, signal)
    return (await context.withRecordReader((reader) => readStats(reader, request))).sightings
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return new Map()
  }
}

/** Where samples go, and what has gone there so far. */
export interface SampleTarget {
  readonly name: string
  readonly publish: (collected: Collected) => Promise<void>
}

/** Runs `use` with a target that appends to a file, one sample a line. */
export async function withFileTarget<T>(
  path: string,
  use: (target: SampleTarget) => Promise<T>,
): Promise<T> {
  const { appendJsonLines } = await import('../adapters/files/json-lines-file.js')
  return use({ name: path, publish: ({ samples }) => appendJsonLines(path, samples) })
}

/** Runs `use` with a target that publishes to the stats topic, which has to exist unless it is to be created. */
export async function withTopicTarget<T>(
  context: WriteContext,
  options: { readonly create: boolean; readonly ui: Pick<Ui, 'note'> },
  use: (target: SampleTarget) => Promise<T>,
): Promise<T> {
  const topic = context.settings.topics.stats
  if (options.create) await createStatsTopic(context, topic, options.ui)
  else await requireStatsTopic(context, topic)
  const { encodeRecords } = await import('../reading/stats/encode-records.js')
  const { sampleCodec } = await import('../reading/stats/codec/sample-codec.js')
  const codec = sampleCodec()
  return context.withRecordWriter((writer) =>
    use({
      name: topic,
      publish: ({ samples }) => writer.append(topic, encodeRecords(samples, codec)),
    }),
  )
}

async function createStatsTopic(
  context: WriteContext,
  topic: string,
  ui: Pick<Ui, 'note'>,
): Promise<void> {
  const { ensureStatsTopic } = await import('../reading/stats/stats-topic.js')
  const created = await context.withOperationsReader((reader) =>
    context.withOperationsWriter((writer) => ensureStatsTopic(reader, writer, topic)),
  )
  if (created) ui.note(`Created topic ${topic}.`)
}

async function requireStatsTopic(context: WriteContext, topic: string): Promise<void> {
  const known = await context.withOperationsReader((reader) => reader.readMetadata())
  if (known.topics.some(({ name }) => name === topic)) return
  throw new OperatorError({
    code: 'STATS_TOPIC_NOT_FOUND',
    message: `the topic ${topic} for samples does not exist`,
    nextSteps: [
      'klinic stats collect --create-topic',
      'Or write to a file: klinic stats collect --output samples.jsonl',
    ],
    exit: 'failed',
  })
}
