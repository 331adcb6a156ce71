import { compareTopicPartitions } from '../model/topic-partition.js'
import type { BytesMemory } from './bytes-memory.js'
import { bytesReadBy } from './bytes-read.js'
import { medianOf, type CommitPoint } from './commit-runs.js'
import { measureGrowth, type Growth } from './growth.js'
import { ratePerSec, type IntervalTraffic, type PartitionTraffic } from './interval.js'
import {
  leaderSize,
  type PartitionReading,
  type SizeTraits,
  type TrafficReading,
} from './reading.js'
import { currentLife } from './steps.js'

/** How the readings of one interval are to be taken. */
export interface MeasureOptions extends SizeTraits {
  /** Time of the reading with which the interval begins; readings before it are history. Default: the first. */
  readonly fromMs?: number
  /** False when no group could be asked: then bytes out are unknown, not zero. */
  readonly groupsKnown: boolean
  readonly notices: readonly string[]
  /** What earlier intervals taught of the bytes of older records. */
  readonly memory?: BytesMemory
}

/** Commits of every group by partition key, each oldest first. */
type CommitHistory = ReadonlyMap<string, readonly (readonly CommitPoint[])[]>

function commitHistory(readings: readonly TrafficReading[]): CommitHistory {
  const byPartition = new Map<string, Map<string, CommitPoint[]>>()
  for (const reading of readings)
    for (const [group, offsets] of reading.commits)
      for (const [key, offset] of offsets) {
        const groups = byPartition.get(key) ?? new Map<string, CommitPoint[]>()
        byPartition.set(key, groups)
        const points = groups.get(group) ?? []
        groups.set(group, points)
        points.push({ atMs: reading.commitsAtMs, offset })
      }
  return new Map([...byPartition].map(([key, groups]) => [key, [...groups.values()]]))
}

/** Readings of every partition that is still there in the last one. */
function partitionHistories(
  readings: readonly TrafficReading[],
): ReadonlyMap<string, readonly PartitionReading[]> {
  const last = readings.at(-1)
  const histories = [...(last?.partitions ?? [])]
    .sort(([, a], [, b]) => compareTopicPartitions(a, b))
    .map(([key]): [string, PartitionReading[]] => [
      key,
      readings.flatMap((reading) => reading.partitions.get(key) ?? []),
    ])
  return new Map(histories)
}

interface Surroundings {
  readonly fromMs: number
  readonly stepMs: number
  readonly options: MeasureOptions
  readonly commits: CommitHistory
}

function bytesOutOf(
  key: string,
  life: readonly PartitionReading[],
  growth: Growth,
  { stepMs, options, commits, fromMs: intervalFromMs }: Surroundings,
): number | undefined {
  const fromMs = Math.max(intervalFromMs, life[0]?.offsetsAtMs ?? Infinity)
  const toMs = life.at(-1)?.offsetsAtMs ?? -Infinity
  if (!options.groupsKnown || growth.bytesIn === undefined || toMs <= fromMs) return undefined
  const lifeFromMs = (life[0]?.offsetsAtMs ?? fromMs) - stepMs / 2
  const read = (commits.get(key) ?? []).reduce((sum, points) => {
    const ofThisLife = points.filter((point) => point.atMs >= lifeFromMs)
    return sum + bytesReadBy(ofThisLife, { ...growth, stepMs, fromMs, toMs })
  }, 0)
  return (read / (toMs - fromMs)) * growth.coveredMs
}

function trafficOf(
  key: string,
  history: readonly PartitionReading[],
  surroundings: Surroundings,
): PartitionTraffic | null {
  const last = history.at(-1)
  if (last === undefined) return null
  const { life, hadEarlierLife } = currentLife(history)
  const shrinks = surroundings.options.shrinkingTopics.has(last.topic)
  const growth = measureGrowth(life, {
    shrinks,
    fromMs: surroundings.fromMs,
    remembered: surroundings.options.memory?.get(key),
  })
  const bytesOut = bytesOutOf(key, life, growth, surroundings)
  const sizeBytes = leaderSize(last)
  return {
    topic: last.topic,
    partition: last.partition,
    ...(last.topicId !== undefined && { topicId: last.topicId }),
    leader: last.leader,
    coveredMs: growth.coveredMs,
    ...(growth.bytesIn !== undefined && { bytesIn: growth.bytesIn }),
    ...(bytesOut !== undefined && { bytesOut }),
    estimatedShare: growth.estimatedShare,
    ...(sizeBytes !== undefined && { sizeBytes }),
    replicaSizes: last.replicaSizes,
    ...(last.logStartOffset !== undefined && { logStartOffset: last.logStartOffset }),
    ...(last.logEndOffset !== undefined && { logEndOffset: last.logEndOffset }),
    reassigning: history.some((r) => r.reassigning && r.offsetsAtMs >= surroundings.fromMs),
    exclusions: [
      ...(hadEarlierLife ? (['recreated-or-truncated'] as const) : []),
      ...growth.exclusions,
    ],
  }
}

/**
 * The traffic between the first and the last of two or more readings (oldest first), for the partitions that exist at
 * the end. What disturbs one partition leaves the others alone.
 */
export function measureInterval(
  readings: readonly TrafficReading[],
  options: MeasureOptions,
): IntervalTraffic {
  const times = readings.map((reading) => reading.atMs)
  const stepMs = medianOf(times.slice(1).map((time, index) => time - (times[index] ?? time))) ?? 0
  const fromMs = options.fromMs ?? times[0] ?? 0
  const surroundings = { fromMs, stepMs, options, commits: commitHistory(readings) }
  const partitions = new Map<string, PartitionTraffic>()
  for (const [key, history] of partitionHistories(readings)) {
    const traffic = trafficOf(key, history, surroundings)
    if (traffic !== null) partitions.set(key, traffic)
  }
  return {
    source: 'admin',
    fromMs,
    toMs: times.at(-1) ?? 0,
    readings: times.filter((time) => time >= fromMs).length,
    partitions,
    notices: options.notices,
  }
}

/** Figures of one partition as rates; undefined fields are unknown. */
export function ratesOf(traffic: PartitionTraffic): {
  readonly bytesInPerSec: number | undefined
  readonly bytesOutPerSec: number | undefined
} {
  return {
    bytesInPerSec: ratePerSec(traffic.bytesIn, traffic.coveredMs),
    bytesOutPerSec: ratePerSec(traffic.bytesOut, traffic.coveredMs),
  }
}
