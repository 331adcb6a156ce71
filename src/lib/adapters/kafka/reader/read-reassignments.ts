import type { ReassignmentInFlight } from '../../../ports/cluster-reader.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { unreachableError } from '../pool/unreachable-error.js'
import type { ListPartitionReassignmentsResponse } from '../protocol/apis/list-partition-reassignments.js'
import { listPartitionReassignments } from '../protocol/apis/list-partition-reassignments.js'
import { errorName } from '../protocol/error-names.js'
import { refusedByKafka } from './refused-by-kafka.js'

/** All reassignments in flight; with ZooKeeper only the controller knows them. Throws an OperatorError otherwise. */
export async function readReassignments(pool: KafkaPool): Promise<ReassignmentInFlight[]> {
  let answer = await ask(pool)
  if (errorName(answer.errorCode) === 'NOT_CONTROLLER') {
    pool.forgetController()
    answer = await ask(pool)
  }
  if (answer.errorCode !== 0) {
    throw refusedByKafka('list reassignments', answer.errorCode, answer.errorMessage)
  }
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => ({
      topic: name,
      partition: partition.partitionIndex,
      replicas: partition.replicas,
      adding: partition.addingReplicas,
      removing: partition.removingReplicas,
    })),
  )
}

async function ask(pool: KafkaPool): Promise<ListPartitionReassignmentsResponse> {
  const request = { timeoutMs: pool.requestTimeoutMs }
  const { mode } = await pool.cluster()
  if (mode === 'kraft') return (await pool.read(listPartitionReassignments, request)).response
  const askController = (): Promise<ListPartitionReassignmentsResponse> =>
    pool.request('controller', listPartitionReassignments, request)
  // The second time it is another broker, if the first one is the controller no more; else what is remembered of it.
  return askController()
    .catch(askController)
    .catch((error: unknown) => {
      throw unreachableError([error], 'The controller cannot be asked for reassignments')
    })
}
