import type { Broker, Partition, Snapshot, Topic } from './snapshot.js'

function inOrder<T>(items: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  const sorted = items.every((item, index) => {
    const previous = items[index - 1]
    return previous === undefined || compare(previous, item) <= 0
  })
  return sorted ? items : items.toSorted(compare)
}

const byId = (a: Broker | Partition, b: Broker | Partition): number => a.id - b.id

const byName = (a: Topic, b: Topic): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/**
 * The snapshot with brokers and partitions in order of their numbers and topics by name (code units): sums and plans
 * then come out the same, to the last bit, however it was written. What is in order already is not copied.
 */
export function sortSnapshot(snapshot: Snapshot): Snapshot {
  const topics = snapshot.topics.map((topic) => {
    const partitions = inOrder(topic.partitions, byId)
    return partitions === topic.partitions ? topic : { ...topic, partitions }
  })
  return {
    ...snapshot,
    brokers: inOrder(snapshot.brokers, byId),
    topics: inOrder(topics, byName),
  }
}
