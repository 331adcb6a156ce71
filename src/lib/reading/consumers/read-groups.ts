import type { GroupReading } from '../../health/consumers/judge-group.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'

interface Told {
  readonly answers: Awaited<ReturnType<ClusterReader['readGroups']>>
  readonly states: ReadonlyMap<string, string>
  readonly failures: Awaited<ReturnType<ClusterReader['readCommittedOffsets']>>['failures']
}

/** Groups of which state or offsets are not known, with the reason. */
function unreadGroups(
  groupIds: readonly string[],
  { answers, states, failures }: Told,
): ReadonlyMap<string, { readonly unread: string }> {
  const messages = new Map(failures.map((failure) => [failure.groupId, failure.message]))
  const silent = answers.filter((answer) => !answer.ok).map(({ brokerId }) => brokerId)
  const reasonOf = (groupId: string): string | null => {
    const message = messages.get(groupId)
    if (message !== undefined) return `its offsets could not be read: ${message}`
    if (states.has(groupId) || silent.length === 0) return null
    return `brokers that may coordinate it do not answer: ${silent.join(', ')}`
  }
  return new Map(
    groupIds.flatMap((groupId) => {
      const unread = reasonOf(groupId)
      return unread === null ? [] : [[groupId, { unread }] as const]
    }),
  )
}

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
  const reasons = unreadGroups(groupIds, { answers, states, failures: committed.failures })
  return groupIds.map((groupId) => ({
    groupId,
    ...reasons.get(groupId),
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
