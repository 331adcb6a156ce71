import pLimit from 'p-limit'

import { toBrokerFailure } from '../pool/broker-request-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import type { Coordinator } from '../protocol/apis/find-coordinator.js'
import {
  FIND_COORDINATOR_BATCHED_FROM,
  findCoordinator,
} from '../protocol/apis/find-coordinator.js'
import { errorName } from '../protocol/error-names.js'

const GROUPS_A_REQUEST = 500
const PARALLEL = 16

/** Why something could not be had for a group. */
export interface GroupFailure {
  readonly groupId: string
  readonly code: string
  readonly message: string
}

/** Groups by the broker that coordinates them, and those whose coordinator could not be found. */
export interface Coordinators {
  readonly byBroker: ReadonlyMap<number, readonly string[]>
  readonly failures: readonly GroupFailure[]
}

/** Asks any broker who coordinates the groups: many at once from Kafka 3.0 on, one by one before. */
export async function findCoordinators(
  pool: KafkaPool,
  groupIds: readonly string[],
): Promise<Coordinators> {
  const byBroker = new Map<number, string[]>()
  const failures: GroupFailure[] = []
  const found = await askInBatches(pool, groupIds)
  for (const { groupId, coordinator } of found) {
    if ('code' in coordinator) failures.push(coordinator)
    else if (coordinator.errorCode !== 0) {
      const code = errorName(coordinator.errorCode)
      const message = `the coordinator of group ${groupId} cannot be found (${code})`
      failures.push({ groupId, code, message })
    } else {
      byBroker.set(coordinator.nodeId, [...(byBroker.get(coordinator.nodeId) ?? []), groupId])
    }
  }
  return { byBroker, failures }
}

interface Found {
  readonly groupId: string
  readonly coordinator: Coordinator | GroupFailure
}

async function askInBatches(pool: KafkaPool, groupIds: readonly string[]): Promise<Found[]> {
  const version = await pool.versionFor('any', findCoordinator)
  const isBatched = version !== null && version >= FIND_COORDINATOR_BATCHED_FROM
  const size = isBatched ? GROUPS_A_REQUEST : 1
  const batches: string[][] = []
  for (let from = 0; from < groupIds.length; from += size) {
    batches.push(groupIds.slice(from, from + size))
  }
  const limit = pLimit(PARALLEL)
  const answers = await Promise.all(batches.map((batch) => limit(() => ask(pool, batch))))
  return answers.flat()
}

async function ask(pool: KafkaPool, batch: readonly string[]): Promise<Found[]> {
  try {
    const { coordinators } = await pool.request('any', findCoordinator, { coordinatorKeys: batch })
    return coordinators.map((coordinator) => ({
      groupId: coordinator.key === '' ? (batch[0] ?? '') : coordinator.key,
      coordinator,
    }))
  } catch (error) {
    const failure = toBrokerFailure(error)
    return batch.map((groupId) => ({ groupId, coordinator: { groupId, ...failure } }))
  }
}
