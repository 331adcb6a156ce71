import { setTimeout as sleep } from 'node:timers/promises'

import type { CommittedOffset } from '../../../ports/cluster-reader.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { metadata } from '../protocol/apis/metadata.js'
import type { FetchedGroupOffsets } from '../protocol/apis/offset-fetch.js'
import { OFFSET_FETCH_BATCHED_FROM, offsetFetch } from '../protocol/apis/offset-fetch.js'
import { errorName } from '../protocol/error-names.js'
import { askBrokers } from './ask-brokers.js'
import type { GroupFailure } from './find-coordinators.js'
import { findCoordinators } from './find-coordinators.js'
import { whyBlank } from './map-metadata.js'

/** Offsets of groups, and the groups that have none to show for a reason. */
export interface CommittedOffsets {
  readonly offsets: readonly CommittedOffset[]
  readonly failures: readonly GroupFailure[]
}

const GROUPS_A_REQUEST = 100
const RETRY_AFTER_MS = 200

/** A coordinator that has just moved, or is still loading: worth one more try. */
const MOVED = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
])

/** What the groups have committed, asked of their coordinators; a dead coordinator fails its own groups only. */
export async function readCommittedOffsets(
  pool: KafkaPool,
  groupIds: readonly string[],
): Promise<CommittedOffsets> {
  if (groupIds.length === 0 || !(await offsetsTopicExists(pool)))
    return { offsets: [], failures: [] }
  const first = await readOnce(pool, groupIds)
  const moved = first.failures.filter(({ code }) => MOVED.has(code)).map(({ groupId }) => groupId)
  if (moved.length === 0) return first
  await sleep(RETRY_AFTER_MS)
  const again = await readOnce(pool, moved)
  const remaining = first.failures.filter(({ code }) => !MOVED.has(code))
  return {
    offsets: [...first.offsets, ...again.offsets],
    failures: [...remaining, ...again.failures],
  }
}

/** Asking for a coordinator would create the offsets topic where no group has ever been: we only read. */
async function offsetsTopicExists(pool: KafkaPool): Promise<boolean> {
  const { response } = await pool.read(
    metadata,
    { topics: [{ name: '__consumer_offsets' }] },
    whyBlank,
  )
  return response.topics.some((topic) => topic.partitions.length > 0)
}

async function readOnce(pool: KafkaPool, groupIds: readonly string[]): Promise<CommittedOffsets> {
  const { byBroker, failures } = await findCoordinators(pool, groupIds)
  const answers = await askBrokers([...byBroker.keys()], (brokerId) =>
    askCoordinator(pool, brokerId, byBroker.get(brokerId) ?? []),
  )
  const offsets: CommittedOffset[] = []
  const failed: GroupFailure[] = [...failures]
  for (const answer of answers) {
    if (answer.ok) {
      for (const group of answer.value) collect(group, offsets, failed)
    } else {
      const groups = byBroker.get(answer.brokerId) ?? []
      failed.push(...groups.map((groupId) => ({ groupId, ...answer.failure })))
    }
  }
  return { offsets, failures: failed }
}

async function askCoordinator(
  pool: KafkaPool,
  brokerId: number,
  groupIds: readonly string[],
): Promise<FetchedGroupOffsets[]> {
  const version = await pool.versionFor({ brokerId }, offsetFetch)
  const isBatched = version !== null && version >= OFFSET_FETCH_BATCHED_FROM
  const size = isBatched ? GROUPS_A_REQUEST : 1
  const answers: FetchedGroupOffsets[] = []
  for (let from = 0; from < groupIds.length; from += size) {
    const groups = groupIds.slice(from, from + size).map((groupId) => ({ groupId }))
    const response = await pool.request({ brokerId }, offsetFetch, { groups })
    const single = isBatched ? undefined : groups[0]
    answers.push(...response.groups.map((group) => ({ ...group, ...single })))
  }
  return answers
}

function collect(
  { groupId, errorCode, topics }: FetchedGroupOffsets,
  offsets: CommittedOffset[],
  failures: GroupFailure[],
): void {
  if (errorCode !== 0) {
    const code = errorName(errorCode)
    failures.push({ groupId, code, message: `group ${groupId} tells no offsets (${code})` })
    return
  }
  for (const { name, partitions } of topics) {
    for (const { partitionIndex, committedOffset, errorCode: error } of partitions) {
      if (error !== 0 || committedOffset < 0) continue
      offsets.push({ groupId, topic: name, partition: partitionIndex, offset: committedOffset })
    }
  }
}
