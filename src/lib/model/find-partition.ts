import { topicPartitionKey } from './topic-partition.js'
import type { Broker, Partition, Snapshot, Topic } from './snapshot.js'

/** A partition with the topic it belongs to. */
export interface LocatedPartition {
  readonly topic: Topic
  readonly partition: Partition
}

/** Partitions by `topic-partition`, for those keys only: plans touch few of many. */
export function indexPartitions(
  snapshot: Snapshot,
  keys: ReadonlySet<string>,
): ReadonlyMap<string, LocatedPartition> {
  const found = new Map<string, LocatedPartition>()
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const key = topicPartitionKey(topic.name, partition.id)
      if (keys.has(key)) found.set(key, { topic, partition })
    }
  }
  return found
}

/** Brokers by id. */
export function indexBrokers(snapshot: Snapshot): ReadonlyMap<number, Broker> {
  return new Map(snapshot.brokers.map((broker) => [broker.id, broker]))
}

/** The rack of a broker; one without a rack, and one that is not in the snapshot, is a rack of its own. */
export function rackOf(brokers: ReadonlyMap<number, Broker>, id: number): string {
  const rack = brokers.get(id)?.rack
  return rack === undefined ? `broker ${id}` : `rack ${rack}`
}
