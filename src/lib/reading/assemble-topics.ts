import { topicPartitionKey } from '../model/topic-partition.js'
import type { Partition, Topic } from '../model/snapshot.js'
import type {
  PartitionMetadata,
  ReassignmentInFlight,
  TopicMetadata,
} from '../ports/cluster-reader.js'
import type { ReplicaOnDisk } from './log-dirs.js'

/** The readings that a topic of the snapshot is joined from. */
export interface TopicParts {
  readonly topics: readonly TopicMetadata[]
  readonly registered: ReadonlySet<number>
  readonly reassignments: readonly ReassignmentInFlight[]
  readonly minInsyncReplicas: ReadonlyMap<string, number>
  readonly replicas: ReadonlyMap<string, ReadonlyMap<number, ReplicaOnDisk>>
}

type ByKey<T> = ReadonlyMap<string, T>

/** Joins Metadata, reassignments, configs and disks into topics, sorted by name (code units). Internal ones too. */
export function assembleTopics(parts: TopicParts): readonly Topic[] {
  const moves = new Map(
    parts.reassignments.map((move) => [topicPartitionKey(move.topic, move.partition), move]),
  )
  return [...parts.topics]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((topic) => assembleTopic(topic, moves, parts))
}

function assembleTopic(
  topic: TopicMetadata,
  moves: ByKey<ReassignmentInFlight>,
  parts: TopicParts,
): Topic {
  const minInsyncReplicas = parts.minInsyncReplicas.get(topic.name)
  return {
    name: topic.name,
    ...(topic.topicId !== undefined && { topicId: topic.topicId }),
    ...(minInsyncReplicas !== undefined && { minInsyncReplicas }),
    partitions: [...topic.partitions]
      .sort((a, b) => a.id - b.id)
      .map((partition) => {
        const key = topicPartitionKey(topic.name, partition.id)
        return assemblePartition(
          partition,
          moves.get(key),
          parts.replicas.get(key),
          parts.registered,
        )
      }),
  }
}

function assemblePartition(
  metadata: PartitionMetadata,
  move: ReassignmentInFlight | undefined,
  onDisk: ReadonlyMap<number, ReplicaOnDisk> | undefined,
  registered: ReadonlySet<number>,
): Partition {
  const offline = metadata.offlineReplicas.filter((id) => registered.has(id))
  const size = sizeOf(metadata, onDisk)
  return {
    id: metadata.id,
    replicas: metadata.replicas,
    isr: metadata.isr,
    leader: metadata.leader,
    ...(move !== undefined && move.adding.length > 0 && { adding: move.adding }),
    ...(move !== undefined && move.removing.length > 0 && { removing: move.removing }),
    ...(size !== undefined && { sizeBytes: size }),
    ...(onDisk !== undefined && {
      logDirs: metadata.replicas.map((id) => onDisk.get(id)?.path ?? null),
    }),
    ...(offline.length > 0 && { offlineReplicas: offline }),
  }
}

/** The leader's replica is the measure; without one, the largest that somebody still has on disk. */
function sizeOf(
  metadata: PartitionMetadata,
  onDisk: ReadonlyMap<number, ReplicaOnDisk> | undefined,
): number | undefined {
  if (onDisk === undefined) return undefined
  const led = metadata.leader === null ? undefined : onDisk.get(metadata.leader)
  if (led !== undefined) return led.sizeBytes
  return Math.max(...[...onDisk.values()].map((replica) => replica.sizeBytes))
}
