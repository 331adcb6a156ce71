/** A partition by topic name and number. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** `orders-3`: the form in which operators write and read a partition, and our map key for one. */
export function topicPartitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/** The inverse of {@link topicPartitionKey}: the number behind the last dash; null when there is none. */
export function parseTopicPartition(text: string): TopicPartition | null {
  const match = /^([A-Za-z0-9._-]{1,249})-(\d{1,9})$/.exec(text)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { topic: match[1], partition: Number(match[2]) }
}

/** Orders by topic name (code units, so the same on every machine), then by partition number. */
export function compareTopicPartitions(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
