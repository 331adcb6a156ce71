import type { NewTopic } from '../../../model/own-topic.js'
import type { WriteOutcome } from '../../../ports/cluster-writer.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { createTopics } from '../protocol/apis/create-topics.js'
import { NOT_IN_ANSWER, outcomeOf } from './outcomes.js'
import { askController, settle } from './send.js'
import type { WriteTimeout } from './submit-reassignments.js'

/** What stands for the counts where the replica lists say them. */
const BY_ASSIGNMENT = -1

/** CreateTopics for one topic; TOPIC_ALREADY_EXISTS is a refusal with that code. */
export async function createTopic(
  pool: KafkaPool,
  topic: NewTopic,
  { timeoutMs }: WriteTimeout,
): Promise<WriteOutcome> {
  const [outcome] = await settle(1, async () => {
    const request = {
      timeoutMs,
      validateOnly: false,
      topics: [
        {
          name: topic.name,
          numPartitions: BY_ASSIGNMENT,
          replicationFactor: BY_ASSIGNMENT,
          assignments: topic.assignment.map((brokerIds, partitionIndex) => ({
            partitionIndex,
            brokerIds,
          })),
          configs: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
        },
      ],
    }
    const response = await askController(pool, createTopics, request, ({ topics }) =>
      topics.map(({ errorCode }) => errorCode),
    )
    const result = response?.topics.find(({ name }) => name === topic.name)
    if (response === null) return null
    return [result === undefined ? NOT_IN_ANSWER : outcomeOf(result.errorCode, result.errorMessage)]
  })
  return outcome ?? NOT_IN_ANSWER
}
