import { topicPartitionKey } from '../../../model/topic-partition.js'
import type { ReassignmentRequest, WriteOutcome } from '../../../ports/cluster-writer.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../protocol/apis/alter-partition-reassignments.js'
import { alterPartitionReassignments } from '../protocol/apis/alter-partition-reassignments.js'
import { byTopic, NOT_IN_ANSWER, outcomeOf, PARTITIONS_A_REQUEST, pieces } from './outcomes.js'
import { askController, settle } from './send.js'

/** How long the controller may take before it answers REQUEST_TIMED_OUT. */
export interface WriteTimeout {
  readonly timeoutMs: number
}

/** AlterPartitionReassignments in pieces; outcomes in the order of the requests. */
export async function submitReassignments(
  pool: KafkaPool,
  requests: readonly ReassignmentRequest[],
  { timeoutMs }: WriteTimeout,
): Promise<readonly WriteOutcome[]> {
  const outcomes = new Map<ReassignmentRequest, WriteOutcome>()
  for (const allowed of [false, true]) {
    const alike = requests.filter((r) => r.allowReplicationFactorChange === allowed)
    for (const piece of pieces(alike, PARTITIONS_A_REQUEST)) {
      const settled = await settle(piece.length, async () => {
        const request = toRequest(piece, allowed, timeoutMs)
        const codes = (response: AlterPartitionReassignmentsResponse) => [response.errorCode]
        const response = await askController(pool, alterPartitionReassignments, request, codes)
        return response === null ? null : readOutcomes(piece, response)
      })
      for (const [index, request] of piece.entries()) {
        outcomes.set(request, settled[index] ?? NOT_IN_ANSWER)
      }
    }
  }
  return requests.map((request) => outcomes.get(request) ?? NOT_IN_ANSWER)
}

function toRequest(
  requests: readonly ReassignmentRequest[],
  allowReplicationFactorChange: boolean,
  timeoutMs: number,
): AlterPartitionReassignmentsRequest {
  return {
    timeoutMs,
    allowReplicationFactorChange,
    topics: byTopic(requests).map(([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition, replicas }) => ({
        partitionIndex: partition,
        replicas,
      })),
    })),
  }
}

function readOutcomes(
  requests: readonly ReassignmentRequest[],
  response: AlterPartitionReassignmentsResponse,
): readonly WriteOutcome[] {
  const whole = outcomeOf(response.errorCode, response.errorMessage)
  if (whole.status !== 'ok') return requests.map(() => whole)
  const results = new Map(
    response.topics.flatMap(({ name, partitions }) =>
      partitions.map((result) => [topicPartitionKey(name, result.partitionIndex), result] as const),
    ),
  )
  return requests.map(({ topic, partition }) => {
    const result = results.get(topicPartitionKey(topic, partition))
    return result === undefined ? NOT_IN_ANSWER : outcomeOf(result.errorCode, result.errorMessage)
  })
}
