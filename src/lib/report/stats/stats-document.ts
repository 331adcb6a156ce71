import { brokerLoads } from '../../model/broker-load.js'
import { compareTopicPartitions } from '../../model/topic-partition.js'
import type {
  PartialView,
  Partition,
  Snapshot,
  Topic,
  TrafficOrigin,
} from '../../model/snapshot.js'

/** What a broker carries, replication included (in over all replicas, out with RF − 1 copies of in). */
export interface BrokerTraffic {
  readonly id: number
  readonly rack?: string
  readonly inBytesPerSec: number
  readonly outBytesPerSec: number
  readonly diskBytes: number
  readonly replicas: number
  readonly leaders: number
}

/** Producers' and consumers' traffic of a topic. Partitions without figures are counted, not guessed. */
export interface TopicTraffic {
  readonly name: string
  readonly partitions: number
  readonly bytesInPerSec: number
  readonly bytesOutPerSec: number
  readonly sizeBytes: number
  readonly unknownIn: number
  readonly unknownOut: number
}

/** Traffic of a partition; a missing figure is unknown. */
export interface PartitionTrafficRow {
  readonly topic: string
  readonly partition: number
  readonly leader: number | null
  readonly bytesInPerSec?: number
  readonly bytesOutPerSec?: number
  readonly sizeBytes?: number
}

/** Result of `stats show`: all brokers, topics and partitions, the busiest first. */
export interface StatsDocument {
  readonly cluster: { readonly id: string; readonly name?: string }
  readonly traffic?: TrafficOrigin
  /** Present when partitions exist that are in none of these figures, because our principal may not see them. */
  readonly partialView?: PartialView
  readonly brokers: readonly BrokerTraffic[]
  readonly topics: readonly TopicTraffic[]
  readonly partitions: readonly PartitionTrafficRow[]
}

const sum = (
  partitions: readonly Partition[],
  pick: (p: Partition) => number | undefined,
): number => partitions.reduce((total, partition) => total + (pick(partition) ?? 0), 0)

function topicTraffic({ name, partitions }: Topic): TopicTraffic {
  return {
    name,
    partitions: partitions.length,
    bytesInPerSec: sum(partitions, (p) => p.bytesInPerSec),
    bytesOutPerSec: sum(partitions, (p) => p.bytesOutPerSec),
    sizeBytes: sum(partitions, (p) => p.sizeBytes),
    unknownIn: partitions.filter((p) => p.bytesInPerSec === undefined).length,
    unknownOut: partitions.filter((p) => p.bytesOutPerSec === undefined).length,
  }
}

function partitionRows({ name, partitions }: Topic): readonly PartitionTrafficRow[] {
  return partitions.map((partition) => ({
    topic: name,
    partition: partition.id,
    leader: partition.leader,
    ...(partition.bytesInPerSec !== undefined && { bytesInPerSec: partition.bytesInPerSec }),
    ...(partition.bytesOutPerSec !== undefined && { bytesOutPerSec: partition.bytesOutPerSec }),
    ...(partition.sizeBytes !== undefined && { sizeBytes: partition.sizeBytes }),
  }))
}

interface Rates {
  readonly bytesInPerSec?: number
  readonly bytesOutPerSec?: number
}

const busy = (row: Rates): number => (row.bytesInPerSec ?? 0) + (row.bytesOutPerSec ?? 0)

/** The traffic of a snapshot, by broker, topic and partition. `topics` keeps only these (brokers stay whole). */
export function describeStats(snapshot: Snapshot, topics?: readonly string[]): StatsDocument {
  const loads = brokerLoads(snapshot)
  const shown = snapshot.topics.filter((topic) => topics?.includes(topic.name) ?? true)
  const { id, name } = snapshot.cluster
  return {
    cluster: { id, ...(name !== undefined && { name }) },
    ...(snapshot.traffic !== undefined && { traffic: snapshot.traffic }),
    ...(snapshot.partialView !== undefined && { partialView: snapshot.partialView }),
    brokers: snapshot.brokers.flatMap((broker) => {
      const load = loads.get(broker.id)
      const rack = broker.rack === undefined ? {} : { rack: broker.rack }
      return load === undefined ? [] : [{ id: broker.id, ...rack, ...load }]
    }),
    topics: shown.map(topicTraffic).sort((a, b) => busy(b) - busy(a) || (a.name < b.name ? -1 : 1)),
    partitions: shown
      .flatMap(partitionRows)
      .sort((a, b) => busy(b) - busy(a) || compareTopicPartitions(a, b)),
  }
}
