import type { GroupReading } from '../../health/consumers/judge-group.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'

/** Looks once at the groups: state from their coordinators, committed offsets, and where the logs end. */
export async function readGroupPositions(
  reader: ClusterReader,
  groupIds: readonly string[],
): Promise<readonly GroupReading[]> {
  const [answers, committed] = await Promise.all([
    reader.readGroups(),
    reader.readCommittedOffsets(groupIds),
  ])
  const states = new Map(
    answers
      .flatMap((answer) => (answer.ok ? answer.value : []))
      .map((group) => [group.groupId, group.state]),
  )
  const wanted = new Map(
    committed.offsets.map(({ topic, partition }) => [
      topicPartitionKey(topic, partition),
      { topic, partition },
    ]),
  )
  const ends = new Map(
    (await reader.readOffsets([...wanted.values()], 'latest')).map((answer) => [
      topicPartitionKey(answer.topic, answer.partition),
      answer.ok ? answer.offset : null,
    ]),
  )
  const failures = new Map(committed.failures.map((failure) => [failure.groupId, failure.message]))
  const silent = answers.filter((answer) => !answer.ok).map(({ brokerId }) => brokerId)
  const unreadOf = (groupId: string): string | undefined => {
    const failure = failures.get(groupId)
    if (failure !== undefined) return `its offsets could not be read: ${failure}`
    if (states.has(groupId) || silent.length === 0) return undefined
    return `brokers that may coordinate it do not answer: ${silent.join(', ')}`
  }
  const readingOf = (groupId: string) => {
    const unread = unreadOf(groupId)
    return unread === undefined ? {} : { unread }
  }
  return groupIds.map((groupId) => ({
    groupId,
    ...readingOf(groupId),
    state: states.get(groupId) ?? null,
    positions: committed.offsets
      .filter((offset) => offset.groupId === groupId)
      .map(({ topic, partition, offset }) => ({
        topic,
        partition,
        committed: offset,
        end: ends.get(topicPartitionKey(topic, partition)) ?? null,
      })),
  }))
}
