import type { ClusterMetadata, PartitionMetadata, TopicMetadata } from '../ports/cluster-reader.js'

/** Two brokers' views of the cluster made one, and what they did not agree on. */
export interface MergedMetadata {
  readonly metadata: ClusterMetadata
  /** One phrase each: `broker 4 is known to one of them only`. Empty when both know the same. */
  readonly differences: readonly string[]
}

/**
 * Joins two views: whatever one of them knows counts, and of a partition that both know the newer leader epoch wins.
 * A short or empty answer of one broker can thus hide nothing.
 */
export function mergeMetadata(first: ClusterMetadata, second: ClusterMetadata): MergedMetadata {
  const brokers = new Map([...second.brokers, ...first.brokers].map((b) => [b.id, b]))
  const topics = new Map(first.topics.map((topic) => [topic.name, topic]))
  for (const topic of second.topics) {
    const known = topics.get(topic.name)
    topics.set(topic.name, known === undefined ? topic : mergeTopic(known, topic))
  }
  return {
    metadata: {
      ...first,
      controllerId: first.controllerId ?? second.controllerId,
      brokers: [...brokers.values()],
      fencedBrokerIds: [...new Set([...first.fencedBrokerIds, ...second.fencedBrokerIds])].filter(
        (id) => !brokers.has(id),
      ),
      topics: [...topics.values()],
    },
    differences: [
      ...oneSided(
        'broker',
        first.brokers.map((b) => b.id),
        second.brokers.map((b) => b.id),
      ),
      ...oneSided(
        'topic',
        first.topics.map((t) => t.name),
        second.topics.map((t) => t.name),
      ),
    ],
  }
}

function mergeTopic(a: TopicMetadata, b: TopicMetadata): TopicMetadata {
  const partitions = new Map(a.partitions.map((partition) => [partition.id, partition]))
  for (const partition of b.partitions) {
    const known = partitions.get(partition.id)
    if (known === undefined || isNewer(partition, known)) partitions.set(partition.id, partition)
  }
  return { ...a, partitions: [...partitions.values()] }
}

const isNewer = (candidate: PartitionMetadata, known: PartitionMetadata): boolean =>
  (candidate.leaderEpoch ?? -1) > (known.leaderEpoch ?? -1)

function oneSided<T extends string | number>(
  kind: string,
  first: readonly T[],
  second: readonly T[],
): readonly string[] {
  const a = new Set<T>(first)
  const b = new Set<T>(second)
  return [...first.filter((x) => !b.has(x)), ...second.filter((x) => !a.has(x))].map(
    (x) => `${kind} ${String(x)} is known to one of them only`,
  )
}
