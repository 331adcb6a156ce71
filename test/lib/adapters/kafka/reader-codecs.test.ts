import { Buffer } from 'node:buffer'

import { apiVersions } from '../../../../src/lib/adapters/kafka/protocol/apis/api-versions.js'
import { describeCluster } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-cluster.js'
import { describeConfigs } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-configs.js'
import { describeGroups } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-groups.js'
import { describeLogDirs } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-log-dirs.js'
import { describeQuorum } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-quorum.js'
import { findCoordinator } from '../../../../src/lib/adapters/kafka/protocol/apis/find-coordinator.js'
import { listGroups } from '../../../../src/lib/adapters/kafka/protocol/apis/list-groups.js'
import { listOffsets } from '../../../../src/lib/adapters/kafka/protocol/apis/list-offsets.js'
import { listPartitionReassignments } from '../../../../src/lib/adapters/kafka/protocol/apis/list-partition-reassignments.js'
import { metadata } from '../../../../src/lib/adapters/kafka/protocol/apis/metadata.js'
import { offsetFetch } from '../../../../src/lib/adapters/kafka/protocol/apis/offset-fetch.js'
import type { Values } from './golden.js'
import { testAgainstJavaClient } from './golden.js'

/** The named fields of Kafka's values, with `null` objects kept and lists mapped. */
const pick = (names: string, nested: Record<string, (values: Values) => Values> = {}) => {
  const fields = names.split(' ').filter((name) => name !== '')
  return (values: Values): Values => ({
    ...Object.fromEntries(fields.map((name) => [name, values[name]])),
    ...Object.fromEntries(
      Object.entries(nested).map(([name, map]) => [name, values[name].map(map)]),
    ),
  })
}

const asIs = (values: Values): Values => values

testAgainstJavaClient('api-versions', apiVersions, {
  request: asIs,
  response: pick('errorCode', { apiKeys: pick('apiKey minVersion maxVersion') }),
})

testAgainstJavaClient('metadata', metadata, {
  request: asIs,
  response: pick('clusterId controllerId', {
    brokers: pick('nodeId host port rack'),
    topics: pick('errorCode name topicId isInternal', {
      partitions: pick(
        'errorCode partitionIndex leaderId leaderEpoch replicaNodes isrNodes offlineReplicas',
      ),
    }),
  }),
})

testAgainstJavaClient('describe-cluster', describeCluster, {
  request: asIs,
  response: pick('errorCode errorMessage clusterId controllerId', {
    brokers: (broker) => ({
      ...pick('brokerId host port rack')(broker),
      isFenced: broker.isFenced ?? false,
    }),
  }),
})

testAgainstJavaClient('describe-quorum', describeQuorum, {
  request: asIs,
  response: pick('errorCode', {
    topics: pick('topicName', {
      partitions: pick('partitionIndex errorCode leaderId leaderEpoch highWatermark', {
        currentVoters: pick('replicaId logEndOffset'),
        observers: pick('replicaId logEndOffset'),
      }),
    }),
  }),
})

testAgainstJavaClient('list-partition-reassignments', listPartitionReassignments, {
  request: asIs,
  response: pick('errorCode errorMessage', {
    topics: pick('name', {
      partitions: pick('partitionIndex replicas addingReplicas removingReplicas'),
    }),
  }),
})

testAgainstJavaClient('describe-configs', describeConfigs, {
  request: asIs,
  response: pick('', {
    results: pick('errorCode errorMessage resourceType resourceName', {
      configs: pick('name value configSource isSensitive'),
    }),
  }),
})

testAgainstJavaClient('describe-log-dirs', describeLogDirs, {
  request: asIs,
  response: (values) => ({
    errorCode: values.errorCode ?? 0,
    results: values.results.map((result: Values) => ({
      totalBytes: -1,
      usableBytes: -1,
      ...result,
    })),
  }),
})

testAgainstJavaClient('list-offsets', listOffsets, {
  request: asIs,
  response: pick('', {
    topics: pick('name', {
      partitions: pick('partitionIndex errorCode timestamp offset leaderEpoch'),
    }),
  }),
})

testAgainstJavaClient('list-groups', listGroups, {
  request: asIs,
  response: pick('errorCode', { groups: pick('groupId protocolType groupState') }),
})

testAgainstJavaClient('describe-groups', describeGroups, {
  request: asIs,
  response: pick('', {
    groups: pick('errorCode groupId groupState protocolType protocolData', {
      members: (member) => ({
        ...pick('memberId groupInstanceId clientId clientHost')(member),
        memberMetadata: Buffer.from(member.memberMetadata, 'base64'),
        memberAssignment: Buffer.from(member.memberAssignment, 'base64'),
      }),
    }),
  }),
})

testAgainstJavaClient('find-coordinator', findCoordinator, {
  request: (values) => ({ coordinatorKeys: values.coordinatorKeys ?? [values.key] }),
  response: (values, version) => ({
    coordinators: (version < 4 ? [{ ...values, key: '' }] : values.coordinators).map(
      pick('key nodeId errorCode errorMessage'),
    ),
  }),
})

testAgainstJavaClient('offset-fetch', offsetFetch, {
  request: (values) => ({ groups: values.groups ?? [{ groupId: values.groupId }] }),
  response: (values, version) => ({
    groups: (version < 8 ? [{ ...values, groupId: '' }] : values.groups).map(
      pick('groupId errorCode', {
        topics: pick('name', { partitions: pick('partitionIndex committedOffset errorCode') }),
      }),
    ),
  }),
})
