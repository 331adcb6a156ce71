import type {
  PartitionMetadata,
  RegisteredBroker,
  TopicMetadata,
} from '../../../ports/cluster-reader.js'
import type {
  MetadataBroker,
  MetadataPartition,
  MetadataResponse,
  MetadataTopic,
} from '../protocol/apis/metadata.js'
import { ZERO_UUID } from '../protocol/apis/metadata.js'
import { errorNameOrNone } from '../protocol/error-names.js'

/** A broker of an answer in the words of the port. */
export function toRegisteredBroker(broker: MetadataBroker): RegisteredBroker {
  const { nodeId, host, port, rack } = broker
  return { id: nodeId, host, port, ...(rack === null ? {} : { rack }) }
}

/** A topic of an answer in the words of the port; errors stay with the topic or partition that has them. */
export function toTopicMetadata(topic: MetadataTopic): TopicMetadata {
  const error = errorNameOrNone(topic.errorCode)
  return {
    name: topic.name ?? '',
    ...(topic.topicId === ZERO_UUID ? {} : { topicId: topic.topicId }),
    internal: topic.isInternal,
    ...(error === undefined ? {} : { error }),
    partitions: topic.partitions.map(toPartitionMetadata),
  }
}

function toPartitionMetadata(partition: MetadataPartition): PartitionMetadata {
  const error = errorNameOrNone(partition.errorCode)
  return {
    id: partition.partitionIndex,
    leader: partition.leaderId < 0 ? null : partition.leaderId,
    ...(partition.leaderEpoch < 0 ? {} : { leaderEpoch: partition.leaderEpoch }),
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
    ...(error === undefined ? {} : { error }),
  }
}

/**
 * Why an answer says nothing: a broker that has just started, and was not told of its cluster yet, names no broker and no
 * topic. Whoever believed it would take every topic for deleted. Null when it says something.
 */
export function whyBlank({ brokers }: Pick<MetadataResponse, 'brokers'>): string | null {
  return brokers.length > 0 ? null : 'does not know the cluster yet (it names no broker)'
}

/** Two answers in one: all brokers, all topics; a topic that both name comes from the one with more partitions. */
export function unionOf(first: MetadataResponse, second: MetadataResponse): MetadataResponse {
  const brokers = new Map(first.brokers.map((broker) => [broker.nodeId, broker]))
  for (const broker of second.brokers) brokers.set(broker.nodeId, broker)
  const topics = new Map(first.topics.map((topic) => [topic.name, topic]))
  for (const topic of second.topics) {
    const known = topics.get(topic.name)
    if (known === undefined || known.partitions.length < topic.partitions.length) {
      topics.set(topic.name, topic)
    }
  }
  return { ...first, brokers: [...brokers.values()], topics: [...topics.values()] }
}
