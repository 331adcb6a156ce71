import { Buffer } from 'node:buffer'

import type { ApiVersionsResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/api-versions.js'
import { apiVersions } from '../../../../src/lib/adapters/kafka/protocol/apis/api-versions.js'
import type { DescribeClusterResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-cluster.js'
import { describeCluster } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-cluster.js'
import type { DescribeConfigsResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-configs.js'
import { describeConfigs } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-configs.js'
import type {
  DescribedGroup,
  GroupMember,
} from '../../../../src/lib/adapters/kafka/protocol/apis/describe-groups.js'
import { describeGroups } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-groups.js'
import type { DescribeLogDirsResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-log-dirs.js'
import { describeLogDirs } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-log-dirs.js'
import type { DescribeQuorumResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-quorum.js'
import { describeQuorum } from '../../../../src/lib/adapters/kafka/protocol/apis/describe-quorum.js'
import type {
  FetchedPartition,
  FetchRequest,
} from '../../../../src/lib/adapters/kafka/protocol/apis/fetch.js'
import { fetch } from '../../../../src/lib/adapters/kafka/protocol/apis/fetch.js'
import type { Coordinator } from '../../../../src/lib/adapters/kafka/protocol/apis/find-coordinator.js'
import { findCoordinator } from '../../../../src/lib/adapters/kafka/protocol/apis/find-coordinator.js'
import type { ListGroupsResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/list-groups.js'
import { listGroups } from '../../../../src/lib/adapters/kafka/protocol/apis/list-groups.js'
import type { ListOffsetsResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/list-offsets.js'
import { listOffsets } from '../../../../src/lib/adapters/kafka/protocol/apis/list-offsets.js'
import type { ListPartitionReassignmentsResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/list-partition-reassignments.js'
import { listPartitionReassignments } from '../../../../src/lib/adapters/kafka/protocol/apis/list-partition-reassignments.js'
import type { MetadataResponse } from '../../../../src/lib/adapters/kafka/protocol/apis/metadata.js'
import { metadata } from '../../../../src/lib/adapters/kafka/protocol/apis/metadata.js'
import type { FetchedGroupOffsets } from '../../../../src/lib/adapters/kafka/protocol/apis/offset-fetch.js'
import { offsetFetch } from '../../../../src/lib/adapters/kafka/protocol/apis/offset-fetch.js'
import type { ProducedPartition } from '../../../../src/lib/adapters/kafka/protocol/apis/produce.js'
import { produce } from '../../../../src/lib/adapters/kafka/protocol/apis/produce.js'
import { testAgainstJavaClient } from './golden.js'

/** Field names of a message; nested messages and lists of them have shapes of their own. */
interface Shape {
  readonly [field: string]: true | Shape
}

const fields = (names: string): Record<string, true> =>
  Object.fromEntries(names.split(' ').map((name) => [name, true]))

/** Our fields are named as Kafka names them: what we decode is the Java client's message with only the fields we keep. */
const only =
  (shape: Shape) =>
  <Message>(message: Message): Message =>
    project(shape, message) as Message

function project(shape: true | Shape, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => project(shape, item))
  const isLeaf = typeof value !== 'object' || value === null || value instanceof Uint8Array
  if (shape === true || isLeaf) return value
  const kept = Object.entries(value).filter(([name]) => name in shape)
  return Object.fromEntries(
    kept.map(([name, field]) => [name, project(shape[name] ?? true, field)]),
  )
}

/** What the fixtures of older versions have no field for. */
const OLDER_BROKER = { isFenced: false }
const BEFORE_KIP_827 = { totalBytes: -1, usableBytes: -1 }

const asIs = <Message>(message: Message): Message => message

testAgainstJavaClient('api-versions', apiVersions, {
  request: asIs,
  response: only({
    ...fields('errorCode'),
    apiKeys: fields('apiKey minVersion maxVersion'),
  })<ApiVersionsResponse>,
})

testAgainstJavaClient('metadata', metadata, {
  request: asIs,
  response: only({
    ...fields('clusterId controllerId'),
    brokers: fields('nodeId host port rack'),
    topics: {
      ...fields('errorCode name topicId isInternal'),
      partitions: fields(
        'errorCode partitionIndex leaderId leaderEpoch replicaNodes isrNodes offlineReplicas',
      ),
    },
  })<MetadataResponse>,
})

testAgainstJavaClient('describe-cluster', describeCluster, {
  request: asIs,
  response: (answer: DescribeClusterResponse) => ({
    ...only(fields('errorCode errorMessage clusterId controllerId'))(answer),
    brokers: answer.brokers.map((broker) => ({ ...OLDER_BROKER, ...broker })),
  }),
})

testAgainstJavaClient('describe-quorum', describeQuorum, {
  request: asIs,
  response: only({
    ...fields('errorCode'),
    topics: {
      ...fields('topicName'),
      partitions: {
        ...fields('partitionIndex errorCode leaderId leaderEpoch highWatermark'),
        currentVoters: fields('replicaId logEndOffset lastCaughtUpTimestamp'),
        observers: fields('replicaId logEndOffset lastCaughtUpTimestamp'),
      },
    },
    nodes: { ...fields('nodeId'), listeners: fields('name host') },
  })<DescribeQuorumResponse>,
})

testAgainstJavaClient('list-partition-reassignments', listPartitionReassignments, {
  request: asIs,
  response: only(fields('errorCode errorMessage topics'))<ListPartitionReassignmentsResponse>,
})

testAgainstJavaClient('describe-configs', describeConfigs, {
  request: asIs,
  response: only({
    results: {
      ...fields('errorCode errorMessage resourceType resourceName'),
      configs: fields('name value configSource isSensitive'),
    },
  })<DescribeConfigsResponse>,
})

testAgainstJavaClient('describe-log-dirs', describeLogDirs, {
  request: asIs,
  response: ({ errorCode, results }: Partial<DescribeLogDirsResponse>) => ({
    errorCode: errorCode ?? 0,
    results: (results ?? []).map((result) => ({ ...BEFORE_KIP_827, ...result })),
  }),
})

testAgainstJavaClient('list-offsets', listOffsets, {
  request: asIs,
  response: only(fields('topics'))<ListOffsetsResponse>,
})

testAgainstJavaClient('list-groups', listGroups, {
  request: asIs,
  response: only({
    ...fields('errorCode'),
    groups: fields('groupId protocolType groupState'),
  })<ListGroupsResponse>,
})

interface JavaGroup extends Omit<DescribedGroup, 'members'> {
  readonly members: readonly (Omit<GroupMember, 'memberMetadata' | 'memberAssignment'> & {
    readonly memberMetadata: string
    readonly memberAssignment: string
  })[]
}

testAgainstJavaClient('describe-groups', describeGroups, {
  request: asIs,
  response: (answer: { readonly groups: readonly JavaGroup[] }) => ({
    groups: answer.groups.map((group) => ({
      ...only(fields('errorCode groupId groupState protocolType protocolData'))(group),
      members: group.members.map((member) => ({
        ...only(fields('memberId groupInstanceId clientId clientHost'))(member),
        memberMetadata: Buffer.from(member.memberMetadata, 'base64'),
        memberAssignment: Buffer.from(member.memberAssignment, 'base64'),
      })),
    })),
  }),
})

/** Many groups at once, or the one of older versions. */
type JavaCoordinators = Coordinator & { readonly coordinators?: readonly Coordinator[] }

testAgainstJavaClient('find-coordinator', findCoordinator, {
  request: (asked: { readonly coordinatorKeys?: readonly string[]; readonly key: string }) => ({
    coordinatorKeys: asked.coordinatorKeys ?? [asked.key],
  }),
  response: (answer: JavaCoordinators) => ({
    coordinators: (answer.coordinators ?? [{ ...answer, key: '' }]).map(
      only(fields('key nodeId errorCode errorMessage'))<Coordinator>,
    ),
  }),
})

type JavaOffsets = FetchedGroupOffsets & { readonly groups?: readonly FetchedGroupOffsets[] }

testAgainstJavaClient('offset-fetch', offsetFetch, {
  request: (asked: {
    readonly groups?: readonly { readonly groupId: string }[]
    readonly groupId: string
  }) => ({ groups: asked.groups ?? [{ groupId: asked.groupId }] }),
  response: (answer: JavaOffsets) => ({
    groups: (answer.groups ?? [{ ...answer, groupId: '' }]).map(
      only({
        ...fields('groupId errorCode'),
        topics: {
          ...fields('name'),
          partitions: fields('partitionIndex committedOffset errorCode'),
        },
      })<FetchedGroupOffsets>,
    ),
  }),
})

/** The records of the fixtures: any bytes will do for the codec. */
const RECORDS = Buffer.from('AAECAwQF', 'base64')

interface JavaFetch extends Omit<FetchRequest, 'topic' | 'partitions'> {
  readonly topics: readonly Pick<FetchRequest, 'topic' | 'partitions'>[]
}

testAgainstJavaClient('fetch', fetch, {
  request: ({ topics, ...asked }: JavaFetch) => ({ ...asked, ...topics[0]! }),
  response: (answer: {
    readonly errorCode: number
    readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[]
  }) => ({
    errorCode: answer.errorCode,
    partitions: answer.responses[0]!.partitions.map((partition) => ({
      ...only(fields('partitionIndex errorCode highWatermark logStartOffset'))(partition),
      records: partition.errorCode === 0 ? RECORDS : Buffer.alloc(0),
    })),
  }),
})

testAgainstJavaClient('produce', produce, {
  request: (asked: {
    readonly timeoutMs: number
    readonly topicData: readonly {
      readonly name: string
      readonly partitionData: readonly { readonly index: number }[]
    }[]
  }) => ({
    timeoutMs: asked.timeoutMs,
    topic: asked.topicData[0]!.name,
    partitions: asked.topicData[0]!.partitionData.map(({ index }) => ({ index, records: RECORDS })),
  }),
  response: (answer: {
    readonly responses: readonly { readonly partitionResponses: readonly ProducedPartition[] }[]
  }) => ({
    partitions: answer.responses[0]!.partitionResponses.map(
      only(fields('index errorCode errorMessage'))<ProducedPartition>,
    ),
  }),
})
