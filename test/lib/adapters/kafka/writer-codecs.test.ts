import {
  alterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
} from '../../../../src/lib/adapters/kafka/protocol/apis/alter-partition-reassignments.js'
import {
  createTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from '../../../../src/lib/adapters/kafka/protocol/apis/create-topics.js'
import {
  electLeaders,
  type ElectionResult,
} from '../../../../src/lib/adapters/kafka/protocol/apis/elect-leaders.js'
import {
  incrementalAlterConfigs,
  type AlterConfigsResult,
} from '../../../../src/lib/adapters/kafka/protocol/apis/incremental-alter-configs.js'
import { testAgainstJavaClient } from './golden.js'

interface JavaReassignmentAnswer {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly responses: AlterPartitionReassignmentsResponse['topics']
}

testAgainstJavaClient('alter-partition-reassignments', alterPartitionReassignments, {
  request: (values: Partial<AlterPartitionReassignmentsRequest>) => ({
    timeoutMs: values.timeoutMs ?? 0,
    allowReplicationFactorChange: values.allowReplicationFactorChange ?? true,
    topics: values.topics ?? [],
  }),
  response: ({ errorCode, errorMessage, responses }: JavaReassignmentAnswer) => ({
    errorCode,
    errorMessage,
    topics: responses,
  }),
})

interface JavaElection {
  readonly timeoutMs: number
  readonly topicPartitions: readonly { topic: string; partitions: readonly number[] }[]
}

interface JavaElectionAnswer {
  readonly errorCode?: number
  readonly replicaElectionResults: readonly {
    readonly topic: string
    readonly partitionResult: readonly ElectionResult[]
  }[]
}

testAgainstJavaClient('elect-leaders', electLeaders, {
  request: ({ timeoutMs, topicPartitions }: JavaElection) => ({
    timeoutMs,
    topics: topicPartitions,
  }),
  response: ({ errorCode, replicaElectionResults }: JavaElectionAnswer) => ({
    errorCode: errorCode ?? 0,
    topics: replicaElectionResults.map(({ topic, partitionResult }) => ({
      topic,
      partitions: partitionResult,
    })),
  }),
})

interface JavaAlteration {
  readonly validateOnly: boolean
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configs: readonly { name: string; configOperation: number; value: string | null }[]
  }[]
}

testAgainstJavaClient('incremental-alter-configs', incrementalAlterConfigs, {
  request: ({ validateOnly, resources }: JavaAlteration) => ({
    validateOnly,
    resources: resources.map(({ resourceType, resourceName, configs }) => ({
      resourceType,
      resourceName,
      configs: configs.map(({ name, configOperation, value }) => ({
        name,
        operation: configOperation,
        value,
      })),
    })),
  }),
  response: ({ responses }: { readonly responses: readonly AlterConfigsResult[] }) => ({
    results: responses,
  }),
})

testAgainstJavaClient('create-topics', createTopics, {
  request: (values: CreateTopicsRequest) => values,
  response: ({ topics }: CreateTopicsResponse) => ({
    topics: topics.map(({ name, errorCode, errorMessage }) => ({ name, errorCode, errorMessage })),
  }),
})
