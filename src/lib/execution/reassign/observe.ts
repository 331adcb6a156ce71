import { topicPartitionKey } from '../../model/topic-partition.js'
import type {
  ClusterMetadata,
  ClusterReader,
  ReassignmentInFlight,
} from '../../ports/cluster-reader.js'
import type { PartitionView } from './judge-move.js'

/** The cluster as one poll finds it. */
export interface Observation {
  /** By `topic-partition`; a partition that was asked for and is not in here does not exist. */
  readonly views: ReadonlyMap<string, PartitionView>
  /** Topics whose metadata came with an error other than being unknown: nothing can be said of them now. */
  readonly unreadTopics: ReadonlySet<string>
  /** Those of them that this principal may not see. */
  readonly deniedTopics: readonly string[]
  /** Everything in flight, whoever started it, by `topic-partition`. */
  readonly inFlight: ReadonlyMap<string, ReassignmentInFlight>
  readonly liveBrokers: ReadonlySet<number>
}

const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION'

/** Reads the reassignments first and the metadata after them, so that what is no longer in flight shows its result. */
export async function observe(
  reader: Pick<ClusterReader, 'readReassignments' | 'readMetadata'>,
  topics: readonly string[],
): Promise<Observation> {
  const reassignments = await reader.readReassignments()
  const inFlight = new Map(reassignments.map((r) => [topicPartitionKey(r.topic, r.partition), r]))
  const metadata = await reader.readMetadata({ topics })
  const failing = metadata.topics.filter(
    ({ error }) => error !== undefined && error !== UNKNOWN_TOPIC,
  )
  return {
    views: viewsOf(metadata, inFlight),
    unreadTopics: new Set(failing.map(({ name }) => name)),
    deniedTopics: failing
      .filter(({ error }) => error?.endsWith('AUTHORIZATION_FAILED'))
      .map(({ name }) => name)
      .sort(),
    inFlight,
    liveBrokers: new Set(metadata.brokers.map(({ id }) => id)),
  }
}

function viewsOf(
  { topics }: ClusterMetadata,
  inFlight: ReadonlyMap<string, ReassignmentInFlight>,
): ReadonlyMap<string, PartitionView> {
  const views = new Map<string, PartitionView>()
  for (const { name, topicId, partitions } of topics) {
    for (const { id, replicas, isr, leader } of partitions) {
      const key = topicPartitionKey(name, id)
      views.set(key, {
        ...(topicId === undefined ? {} : { topicId }),
        replicas,
        isr,
        leader,
        inFlight: inFlight.get(key) ?? null,
      })
    }
  }
  return views
}
