import type { Partition, Snapshot, TrafficStatistic } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import type { IntervalTraffic, PartitionFigures, PartitionTraffic } from './interval.js'
import { ratesOf } from './measure-interval.js'
import type { TrafficWindow } from './window.js'

/**
 * A partition as read from the cluster (without traffic) with its figures, in whole bytes; its own size wins over a
 * measured one.
 */
export function withFigures(partition: Partition, figures: PartitionFigures): Partition {
  const { bytesInPerSec, bytesOutPerSec } = figures
  const sizeBytes = partition.sizeBytes ?? figures.sizeBytes
  return {
    ...partition,
    ...(bytesInPerSec !== undefined && { bytesInPerSec: Math.round(bytesInPerSec) }),
    ...(bytesOutPerSec !== undefined && { bytesOutPerSec: Math.round(bytesOutPerSec) }),
    ...(sizeBytes !== undefined && { sizeBytes }),
  }
}

function figuresOf(
  traffic: PartitionTraffic | undefined,
  topicId: string | undefined,
): PartitionFigures {
  if (traffic === undefined || traffic.topicId !== topicId) return {}
  const { bytesInPerSec, bytesOutPerSec } = ratesOf(traffic)
  return {
    ...(bytesInPerSec !== undefined && { bytesInPerSec }),
    ...(bytesOutPerSec !== undefined && { bytesOutPerSec }),
    ...(traffic.sizeBytes !== undefined && { sizeBytes: traffic.sizeBytes }),
  }
}

/** A snapshot as read, with the traffic of one observation: a single mean. Partitions that it did not measure stay unknown. */
export function withObservedTraffic(snapshot: Snapshot, traffic: IntervalTraffic): Snapshot {
  return {
    ...snapshot,
    traffic: {
      from: new Date(traffic.fromMs).toISOString(),
      to: new Date(traffic.toMs).toISOString(),
      statistic: 'mean',
      source: traffic.source,
      ...(traffic.notices.length > 0 && { notices: traffic.notices }),
    },
    topics: snapshot.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => {
        const measured = traffic.partitions.get(topicPartitionKey(topic.name, partition.id))
        return withFigures(partition, figuresOf(measured, topic.topicId))
      }),
    })),
  }
}

/** A snapshot as read, with the statistic of a window of samples. Partitions that the window lacks stay unknown. */
export function withWindowTraffic(
  snapshot: Snapshot,
  window: TrafficWindow,
  origin: {
    readonly statistic: TrafficStatistic
    readonly source: string
    readonly notices: readonly string[]
  },
): Snapshot {
  const span = window.span()
  if (span === null) return snapshot
  const { statistic, source, notices } = origin
  return {
    ...snapshot,
    traffic: {
      from: new Date(span.fromMs).toISOString(),
      to: new Date(span.toMs).toISOString(),
      statistic,
      source,
      ...(notices.length > 0 && { notices }),
    },
    topics: snapshot.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) =>
        withFigures(partition, window.figuresOf(topic.name, topic.topicId, partition.id)),
      ),
    })),
  }
}
