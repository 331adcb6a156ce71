import { setTimeout as sleep } from 'node:timers/promises'

import {
  OPERATIONS,
  type AccessFacts,
  type Operation,
} from '../../../health/access/access-facts.js'
import type { KafkaPool, RequestTarget } from '../pool/kafka-pool.js'
import { NOT_TOLD } from '../protocol/apis/authorized-operations.js'
import { describeCluster } from '../protocol/apis/describe-cluster.js'
import { describeGroups } from '../protocol/apis/describe-groups.js'
import { heartbeat } from '../protocol/apis/heartbeat.js'
import { metadata } from '../protocol/apis/metadata.js'
import { errorName } from '../protocol/error-names.js'
import { findCoordinators, type Coordinators } from './find-coordinators.js'
import { hasCoordinators } from './has-coordinators.js'
import { whyBlank } from './map-metadata.js'

/** Code of READ in Kafka's AclOperation; the others follow in the order of {@link OPERATIONS}. */
const FIRST_CODE = 3
const LOOKS = 10
const PAUSE_MS = 300

/** The operations that a bit field of Kafka's names; null where it was not told. */
export function toOperations(bits: number | undefined): ReadonlySet<Operation> | null {
  if (bits === undefined || bits === NOT_TOLD) return null
  return new Set(OPERATIONS.filter((_name, index) => (bits & (1 << (FIRST_CODE + index))) !== 0))
}

/** From version 6 on a group that is not there is an error, and nothing is told of it: the lock's is there only while held. */
const TELLING_OF_ABSENT: typeof describeGroups = { ...describeGroups, maxVersion: 5 }

/** What our principal may do on the cluster, on each topic that it sees, and on these groups and topics by name. */
export async function readAccess(
  pool: KafkaPool,
  groupIds: readonly string[],
  topicNames: readonly string[] = [],
): Promise<AccessFacts> {
  const wanted = { authorizedOperations: true }
  const [cluster, topics, groups, named] = await Promise.all([
    pool.read(describeCluster, wanted).catch(() => null),
    pool.read(metadata, { topics: null, ...wanted }, whyBlank),
    readGroupAccess(pool, groupIds),
    readNamedTopics(pool, topicNames),
  ])
  return {
    cluster: toOperations(cluster?.response.authorizedOperations),
    topics: new Map(
      topics.response.topics.flatMap(({ name, authorizedOperations }) =>
        name === null ? [] : [[name, toOperations(authorizedOperations)] as const],
      ),
    ),
    groups,
    named,
  }
}

/** A topic that may not be described is left out of a list of all, and is an error where it is asked for. */
async function readNamedTopics(
  pool: KafkaPool,
  names: readonly string[],
): Promise<AccessFacts['named']> {
  if (names.length === 0) return new Map()
  const topics = names.map((name) => ({ name }))
  const { response } = await pool.read(metadata, { topics, authorizedOperations: true }, whyBlank)
  return new Map(
    response.topics.flatMap(({ name, errorCode, authorizedOperations }) => {
      const error = errorName(errorCode)
      if (name === null || error === 'UNKNOWN_TOPIC_OR_PARTITION') return []
      const isDenied = error === 'TOPIC_AUTHORIZATION_FAILED'
      return [[name, isDenied ? new Set<Operation>() : toOperations(authorizedOperations)] as const]
    }),
  )
}

/** Right after the first group was used its coordinator is being made: nobody has one until then. */
async function findPatiently(pool: KafkaPool, groupIds: readonly string[]): Promise<Coordinators> {
  for (let look = 1; ; look++) {
    const found = await findCoordinators(pool, groupIds)
    const isMaking = found.failures.some(({ code }) => code === 'COORDINATOR_NOT_AVAILABLE')
    if (!isMaking || look >= LOOKS) return found
    await sleep(PAUSE_MS)
  }
}

type GroupAccess = Map<string, ReadonlySet<Operation> | null>

async function readGroupAccess(pool: KafkaPool, groupIds: readonly string[]): Promise<GroupAccess> {
  const access: GroupAccess = new Map(groupIds.map((id) => [id, null]))
  if (groupIds.length === 0) return access
  if (!(await hasCoordinators(pool))) {
    for (const groupId of groupIds) access.set(groupId, await tryWithoutCoordinator(pool, groupId))
    return access
  }
  const { byBroker, failures } = await findPatiently(pool, groupIds)
  for (const { groupId, code } of failures) {
    if (code === 'GROUP_AUTHORIZATION_FAILED') access.set(groupId, new Set())
  }
  for (const [brokerId, groups] of byBroker) await askOne(pool, { brokerId }, groups, access)
  return access
}

/**
 * Every broker judges rights before it says that it coordinates no such group, so the refusals tell which are there: a
 * heartbeat, of nobody in no group, takes READ (which implies DESCRIBE). Asking for a coordinator would create its topic.
 */
async function tryWithoutCoordinator(
  pool: KafkaPool,
  groupId: string,
): Promise<ReadonlySet<Operation> | null> {
  const beat = { groupId, generationId: 0, memberId: 'nobody' }
  const isDenied = ({ errorCode }: { readonly errorCode: number }): boolean =>
    errorName(errorCode) === 'GROUP_AUTHORIZATION_FAILED'
  try {
    if (!isDenied(await pool.request('any', heartbeat, beat))) return new Set(['READ', 'DESCRIBE'])
    const { groups } = await pool.request('any', TELLING_OF_ABSENT, { groups: [groupId] })
    return new Set(groups.some(isDenied) ? [] : ['DESCRIBE'])
  } catch {
    return null
  }
}

/** Puts what a broker tells of these groups into `access`. */
async function askOne(
  pool: KafkaPool,
  target: RequestTarget,
  groups: readonly string[],
  access: GroupAccess,
): Promise<void> {
  const request = { groups, authorizedOperations: true }
  const answer = await pool.request(target, TELLING_OF_ABSENT, request).catch(() => null)
  for (const { groupId, errorCode, authorizedOperations } of answer?.groups ?? []) {
    const isDenied = errorName(errorCode) === 'GROUP_AUTHORIZATION_FAILED'
    access.set(groupId, isDenied ? new Set() : toOperations(authorizedOperations))
  }
}
