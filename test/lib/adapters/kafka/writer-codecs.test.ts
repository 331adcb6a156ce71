import { alterPartitionReassignments } from '../../../../src/lib/adapters/kafka/protocol/apis/alter-partition-reassignments.js'
import { createTopics } from '../../../../src/lib/adapters/kafka/protocol/apis/create-topics.js'
import { electLeaders } from '../../../../src/lib/adapters/kafka/protocol/apis/elect-leaders.js'
import { incrementalAlterConfigs } from '../../../../src/lib/adapters/kafka/protocol/apis/incremental-alter-configs.js'
import type { Values } from './golden.js'
import { testAgainstJavaClient } from './golden.js'

testAgainstJavaClient('alter-partition-reassignments', alterPartitionReassignments, {
  request: (values) => ({
    timeoutMs: values.timeoutMs,
    allowReplicationFactorChange: values.allowReplicationFactorChange ?? true,
    topics: values.topics,
  }),
  response: (values) => ({
    errorCode: values.errorCode,
    errorMessage: values.errorMessage,
    topics: values.responses,
  }),
})

testAgainstJavaClient('elect-leaders', electLeaders, {
  request: (values) => ({ timeoutMs: values.timeoutMs, topics: values.topicPartitions }),
  response: (values) => ({
    errorCode: values.errorCode ?? 0,
    topics: values.replicaElectionResults.map((result: Values) => ({
      topic: result.topic,
      partitions: result.partitionResult,
    })),
  }),
})

testAgainstJavaClient('incremental-alter-configs', incrementalAlterConfigs, {
  request: (values) => ({
    validateOnly: values.validateOnly,
    resources: values.resources.map((resource: Values) => ({
      resourceType: resource.resourceType,
      resourceName: resource.resourceName,
      configs: resource.configs.map((config: Values) => ({
        name: config.name,
        operation: config.configOperation,
        value: config.value,
      })),
    })),
  }),
  response: (values) => ({ results: values.responses }),
})

testAgainstJavaClient('create-topics', createTopics, {
  request: (values) => ({
    timeoutMs: values.timeoutMs,
    validateOnly: values.validateOnly,
    topics: values.topics,
  }),
  response: (values) => ({
    topics: values.topics.map((topic: Values) => ({
      name: topic.name,
      errorCode: topic.errorCode,
      errorMessage: topic.errorMessage,
    })),
  }),
})
