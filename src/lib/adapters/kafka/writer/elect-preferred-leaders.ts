import { topicPartitionKey, type TopicPartition } from '../../../model/topic-partition.js'
import type { WriteOutcome } from '../../../ports/cluster-writer.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { electLeaders, type ElectLeadersResponse } from '../protocol/apis/elect-leaders.js'
import { byTopic, outcomeOf, PARTITIONS_A_REQUEST, pieces } from './outcomes.js'
import { askController, settle } from './send.js'
import type { WriteTimeout } from './submit-reassignments.js'

const FINE = ['ELECTION_NOT_NEEDED']

/** ElectLeaders, preferred only, in pieces; outcomes in the order of the partitions. */
export async function electPreferredLeaders(
  pool: KafkaPool,
  partitions: readonly TopicPartition[],
  { timeoutMs }: WriteTimeout,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  for (const piece of pieces(partitions, PARTITIONS_A_REQUEST)) {
    const request = {
      timeoutMs,
      topics: byTopic(piece).map(([topic, ofTopic]) => ({
        topic,
        partitions: ofTopic.map(({ partition }) => partition),
      })),
    }
    const settled = await settle(piece.length, async () => {
      const response = await askController(pool, electLeaders, request, allCodes)
      return response === null ? null : readOutcomes(piece, response)
    })
    outcomes.push(...settled)
  }
  return outcomes
}

/** Before version 1 there is no error of the whole: NOT_CONTROLLER then stands with each partition. */
function allCodes({ errorCode, topics }: ElectLeadersResponse): readonly number[] {
  return [errorCode, ...topics.flatMap(({ partitions }) => partitions.map((p) => p.errorCode))]
}

/** A partition that the answer leaves out was elected: brokers list failures, and successes only sometimes. */
function readOutcomes(
  partitions: readonly TopicPartition[],
  response: ElectLeadersResponse,
): readonly WriteOutcome[] {
  const whole = outcomeOf(response.errorCode, null)
  if (whole.status !== 'ok') return partitions.map(() => whole)
  const results = new Map(
    response.topics.flatMap(({ topic, partitions: ofTopic }) =>
      ofTopic.map((result) => [topicPartitionKey(topic, result.partitionId), result] as const),
    ),
  )
  return partitions.map(({ topic, partition }) => {
    const result = results.get(topicPartitionKey(topic, partition))
    return outcomeOf(result?.errorCode ?? 0, result?.errorMessage ?? null, FINE)
  })
}
