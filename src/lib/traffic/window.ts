import type { TrafficStatistic } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import { settledMoments, type ObservedMoment } from './exclusion.js'
import type { PartitionFigures } from './interval.js'
import type { BrokerSample, ReplicaSample, TopicSample } from './sample.js'
import { statisticOf, type WeightedMean } from './statistic.js'

/** Means are taken over quarters of an hour, aligned to the clock. */
export const BUCKET_MS = 15 * 60_000
/** A bucket with less in it than this says little; it counts only where there is no better one. */
const LEAST_COVERED_MS = 60_000
/** Sources whose figures are moving averages; all others measure differences. */
const MOVING_AVERAGES: ReadonlySet<string> = new Set(['jmx', 'jolokia', 'prometheus'])

/** Which samples count, and what is made of them. */
export interface WindowOptions {
  readonly fromMs: number
  readonly toMs: number
  readonly statistic: TrafficStatistic
  readonly source: string
}

interface Moment extends ObservedMoment {
  readonly coveredMs: number
  readonly bytesIn: number | null
  readonly bytesOut: number | null
}

interface Bucket {
  bytesIn: number
  inMs: number
  bytesOut: number
  outMs: number
}

/**
 * Collects the samples of one cluster over a window. Whatever the order of the samples and however often one is repeated,
 * the figures are the same: sums are of whole numbers, and a sample belongs to the bucket of its middle.
 */
export interface TrafficWindow {
  add(sample: BrokerSample): void
  /** Figures of a partition of that topic id; empty when the window has none. */
  figuresOf(topic: string, topicId: string | undefined, partition: number): PartitionFigures
  /** From the start of the first to the end of the last sample that counted; null when none did. */
  span(): { readonly fromMs: number; readonly toMs: number } | null
  /** Time that samples cover, without gaps and overlaps, of the broker that is covered best. */
  coveredMs(): number
}

const idOf = (topic: string, topicId: string | null, partition: number): string =>
  `${topicPartitionKey(topic, partition)} ${topicId ?? ''}`

type Buckets = Map<number, Bucket>

function fill(buckets: Buckets, { fromMs, toMs, coveredMs, bytesIn, bytesOut }: Moment): void {
  const index = Math.floor((fromMs + toMs) / 2 / BUCKET_MS)
  const bucket = buckets.get(index) ?? { bytesIn: 0, inMs: 0, bytesOut: 0, outMs: 0 }
  buckets.set(index, bucket)
  bucket.bytesIn += bytesIn ?? 0
  bucket.inMs += bytesIn === null ? 0 : coveredMs
  bucket.bytesOut += bytesOut ?? 0
  bucket.outMs += bytesOut === null ? 0 : coveredMs
}

function rateOf(means: readonly WeightedMean[], statistic: TrafficStatistic): number | undefined {
  const usable = means.filter((mean) => mean.weightMs > 0)
  const good = usable.filter((mean) => mean.weightMs >= LEAST_COVERED_MS)
  return statisticOf(good.length > 0 ? good : usable, statistic)
}

function figuresFrom(buckets: readonly Bucket[], statistic: TrafficStatistic): PartitionFigures {
  const perSec = (bytes: number, ms: number): WeightedMean => ({
    mean: ms > 0 ? (bytes / ms) * 1000 : 0,
    weightMs: ms,
  })
  const bytesInPerSec = rateOf(
    buckets.map((b) => perSec(b.bytesIn, b.inMs)),
    statistic,
  )
  const bytesOutPerSec = rateOf(
    buckets.map((b) => perSec(b.bytesOut, b.outMs)),
    statistic,
  )
  return {
    ...(bytesInPerSec !== undefined && { bytesInPerSec }),
    ...(bytesOutPerSec !== undefined && { bytesOutPerSec }),
  }
}

/** Length of the union of spans. */
function unionMs(spans: readonly (readonly [number, number])[]): number {
  let total = 0
  let reached = -Infinity
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    total += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return total
}

function momentOf(sample: BrokerSample, replica: ReplicaSample): Moment {
  const { fromMs, toMs, broker } = sample
  const { coveredMs, bytesIn, bytesOut, reassigning } = replica
  return { fromMs, toMs, leader: broker.id, reassigning, coveredMs, bytesIn, bytesOut }
}

interface Series {
  readonly buckets: Buckets
  /** Kept one by one only where exclusion has to look at all of them. */
  readonly moments: Moment[]
}

function bucketsOf({ buckets, moments }: Series): readonly Bucket[] {
  if (moments.length === 0) return [...buckets.values()]
  const settled: Buckets = new Map()
  for (const moment of settledMoments(moments)) fill(settled, moment)
  return [...settled.values()]
}

/** Opens an empty window. */
export function openWindow(options: WindowOptions): TrafficWindow {
  const movingAverages = MOVING_AVERAGES.has(options.source)
  const series = new Map<string, Series>()
  const seen = new Set<string>()
  const spans = new Map<number, [number, number][]>()
  const addReplica = (sample: BrokerSample, topic: TopicSample, replica: ReplicaSample): void => {
    if (replica.role !== 'leader') return
    const id = idOf(topic.name, topic.topicId, replica.partition)
    const own: Series = series.get(id) ?? { buckets: new Map(), moments: [] }
    series.set(id, own)
    const moment = momentOf(sample, replica)
    if (movingAverages) own.moments.push(moment)
    else fill(own.buckets, moment)
  }
  return {
    add(sample) {
      const { fromMs, toMs, broker, part, source } = sample
      const middle = (fromMs + toMs) / 2
      if (source !== options.source || middle < options.fromMs || middle > options.toMs) return
      const identity = `${broker.id} ${fromMs} ${toMs} ${part}`
      if (seen.has(identity)) return
      seen.add(identity)
      const own = spans.get(broker.id) ?? []
      spans.set(broker.id, own)
      own.push([fromMs, toMs])
      for (const topic of sample.topics)
        for (const replica of topic.replicas) addReplica(sample, topic, replica)
    },
    figuresOf(topic, topicId, partition) {
      const own = series.get(idOf(topic, topicId ?? null, partition))
      return own === undefined ? {} : figuresFrom(bucketsOf(own), options.statistic)
    },
    span() {
      const all = [...spans.values()].flat()
      if (all.length === 0) return null
      const fromMs = all.reduce((least, [from]) => Math.min(least, from), Infinity)
      return { fromMs, toMs: all.reduce((most, [, to]) => Math.max(most, to), -Infinity) }
    },
    coveredMs: () => Math.max(0, ...[...spans.values()].map(unionMs)),
  }
}
