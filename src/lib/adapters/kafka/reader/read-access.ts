import {
  OPERATIONS,
  type AccessFacts,
  type Operation,
} from '../../../health/access/access-facts.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { NOT_TOLD } from '../protocol/apis/authorized-operations.js'
import { describeCluster } from '../protocol/apis/describe-cluster.js'
import { describeGroups } from '../protocol/apis/describe-groups.js'
import { metadata } from '../protocol/apis/metadata.js'
import { errorName } from '../protocol/error-names.js'
import { findCoordinators } from './find-coordinators.js'

/** Code of READ in Kafka's AclOperation; the others follow in the order of {@link OPERATIONS}. */
const FIRST_CODE = 3

/** The operations that a bit field of Kafka's names; null where it was not told. */
export function toOperations(bits: number | undefined): ReadonlySet<Operation> | null {
  if (bits === undefined || bits === NOT_TOLD) return null
  return new Set(OPERATIONS.filter((_name, index) => (bits & (1 << (FIRST_CODE + index))) !== 0))
}

/** What our principal may do on the cluster, on each topic that it sees, and on these groups. */
export async function readAccess(
  pool: KafkaPool,
  groupIds: readonly string[],
): Promise<AccessFacts> {
  const wanted = { authorizedOperations: true }
  const [cluster, topics, groups] = await Promise.all([
    pool.read(describeCluster, wanted).catch(() => null),
    pool.read(metadata, { topics: null, ...wanted }),
    readGroupAccess(pool, groupIds),
  ])
  return {
    cluster: toOperations(cluster?.response.authorizedOperations),
    topics: new Map(
      topics.response.topics.flatMap(({ name, authorizedOperations }) =>
        name === null ? [] : [[name, toOperations(authorizedOperations)] as const],
      ),
    ),
    groups,
  }
}

async function readGroupAccess(
  pool: KafkaPool,
  groupIds: readonly string[],
): Promise<AccessFacts['groups']> {
  const access = new Map<string, ReadonlySet<Operation> | null>(groupIds.map((id) => [id, null]))
  if (groupIds.length === 0) return access
  const { byBroker, failures } = await findCoordinators(pool, groupIds)
  for (const { groupId, code } of failures) {
    if (code === 'GROUP_AUTHORIZATION_FAILED') access.set(groupId, new Set())
  }
  for (const [brokerId, groups] of byBroker) {
    const request = { groups, authorizedOperations: true }
    const answer = await pool.request({ brokerId }, describeGroups, request).catch(() => null)
    for (const { groupId, errorCode, authorizedOperations } of answer?.groups ?? []) {
      const isDenied = errorName(errorCode) === 'GROUP_AUTHORIZATION_FAILED'
      access.set(groupId, isDenied ? new Set() : toOperations(authorizedOperations))
    }
  }
  return access
}
