import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Clock } from '../../ports/clock.js'
import type {
  ClusterMetadata,
  ClusterReader,
  CommittedOffset,
  PartitionMetadata,
  TopicMetadata,
} from '../../ports/cluster-reader.js'
import type { PartitionReading, TrafficReading } from '../../traffic/reading.js'
import { readBrokerRound, timed, type BrokerRound } from './broker-round.js'

/** One round of questions to the whole cluster, and who did not answer. */
export interface Round {
  readonly reading: TrafficReading
  readonly topics: readonly string[]
  readonly silentBrokers: readonly number[]
  /** Groups whose committed offsets could not be read, with the reason. */
  readonly unreadGroups: ReadonlyMap<string, string>
}

interface RoundRequest {
  readonly reader: ClusterReader
  readonly clock: Clock
  readonly groupIds: readonly string[]
  /** Brokers that were silent a moment ago: not asked, since each question costs a time-out. */
  readonly skipBrokers: ReadonlySet<number>
}

function leadsOf(
  metadata: ClusterMetadata,
  brokerId: number,
): { topic: string; partition: number }[] {
  return metadata.topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => partition.leader === brokerId)
      .map((partition) => ({ topic: topic.name, partition: partition.id })),
  )
}

function replicaSizes(
  key: string,
  partition: PartitionMetadata,
  rounds: ReadonlyMap<number, BrokerRound>,
): ReadonlyMap<number, number> {
  const sizes = partition.replicas.flatMap((broker): [number, number][] => {
    const round = rounds.get(broker)
    const size = round?.sizes.get(key)
    const uncertain = broker === partition.leader && round?.startMoved.has(key) === true
    return size === undefined || uncertain ? [] : [[broker, size]]
  })
  return new Map(sizes)
}

function partitionReading(
  topic: TopicMetadata,
  partition: PartitionMetadata,
  rounds: ReadonlyMap<number, BrokerRound>,
  context: { readonly reassigning: ReadonlySet<string>; readonly atMs: number },
): PartitionReading {
  const key = topicPartitionKey(topic.name, partition.id)
  const leader = partition.leader === null ? undefined : rounds.get(partition.leader)
  const logStartOffset = leader?.startOffsets.get(key)
  const logEndOffset = leader?.endOffsets.get(key)
  return {
    topic: topic.name,
    partition: partition.id,
    ...(topic.topicId !== undefined && { topicId: topic.topicId }),
    leader: partition.leader,
    ...(partition.leaderEpoch !== undefined && { leaderEpoch: partition.leaderEpoch }),
    reassigning: context.reassigning.has(key),
    ...(logStartOffset !== undefined && { logStartOffset }),
    ...(logEndOffset !== undefined && { logEndOffset }),
    offsetsAtMs: leader?.offsetsAtMs ?? context.atMs,
    replicaSizes: replicaSizes(key, partition, rounds),
    sizesAtMs: leader?.sizesAtMs ?? context.atMs,
  }
}

function commitsByGroup(
  groupIds: readonly string[],
  offsets: readonly CommittedOffset[],
  failed: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byGroup = new Map(
    groupIds.filter((id) => !failed.has(id)).map((id) => [id, new Map<string, number>()]),
  )
  for (const { groupId, topic, partition, offset } of offsets)
    if (offset >= 0) byGroup.get(groupId)?.set(topicPartitionKey(topic, partition), offset)
  return byGroup
}

async function readBrokers(
  { reader, clock, skipBrokers }: RoundRequest,
  metadata: ClusterMetadata,
): Promise<ReadonlyMap<number, BrokerRound>> {
  const asked = metadata.brokers.filter((broker) => !skipBrokers.has(broker.id))
  const rounds = await Promise.all(
    asked.map(({ id }) => readBrokerRound(reader, clock, id, leadsOf(metadata, id))),
  )
  return new Map(rounds.map((round) => [round.brokerId, round]))
}

/** Reads everything that traffic is computed from, once; all brokers and the groups at the same time. */
export async function readRound(request: RoundRequest): Promise<Round> {
  const { reader, clock, groupIds } = request
  const atMs = clock.nowMs()
  const [metadata, reassignments] = await Promise.all([
    reader.readMetadata(),
    reader.readReassignments(),
  ])
  const [rounds, commits] = await Promise.all([
    readBrokers(request, metadata),
    timed(clock, () => reader.readCommittedOffsets(groupIds)),
  ])
  const reassigning = new Set(reassignments.map((r) => topicPartitionKey(r.topic, r.partition)))
  const partitions = metadata.topics.flatMap((topic) =>
    topic.partitions.map((partition): [string, PartitionReading] => [
      topicPartitionKey(topic.name, partition.id),
      partitionReading(topic, partition, rounds, { reassigning, atMs }),
    ]),
  )
  const unreadGroups = new Map(commits.value.failures.map((f) => [f.groupId, f.message]))
  return {
    reading: {
      atMs,
      partitions: new Map(partitions),
      commits: commitsByGroup(groupIds, commits.value.offsets, new Set(unreadGroups.keys())),
      commitsAtMs: commits.atMs,
    },
    topics: metadata.topics.map((topic) => topic.name),
    silentBrokers: [...rounds.values()].filter((r) => !r.answered).map((r) => r.brokerId),
    unreadGroups,
  }
}
