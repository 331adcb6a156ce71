import { OperatorError } from '../../errors/operator-error.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { Move } from './moves.js'
import { orderedTopics } from './ordered-topics.js'

/**
 * Who leads each partition of the moves now, for whoever brings it back: `known` was read before the question was answered,
 * which may have taken its time. Where nobody answers, that has to do: it is not what an execution fails of.
 */
export async function readLeaders(
  reader: Pick<ClusterReader, 'readMetadata'>,
  moves: readonly Move[],
  known: ReadonlyMap<string, number | null>,
): Promise<Readonly<Record<string, number | null>>> {
  const leaders = new Map(known)
  if (moves.length === 0) return Object.fromEntries(leaders)
  try {
    const { topics } = await reader.readMetadata({ topics: orderedTopics(moves) })
    for (const { name, partitions } of topics) {
      for (const { id, leader } of partitions) {
        const key = topicPartitionKey(name, id)
        if (known.has(key)) leaders.set(key, leader)
      }
    }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
  }
  return Object.fromEntries(leaders)
}
