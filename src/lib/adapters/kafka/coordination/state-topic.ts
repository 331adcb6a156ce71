import { Buffer } from 'node:buffer'

import { OperatorError } from '../../../errors/operator-error.js'
import type { JsonValue } from '../../../plan/plan.js'
import type { Clock } from '../../../ports/clock.js'
import type { StateEntry, StateStore } from '../../../ports/coordination.js'
import type { NewRecord } from '../../../ports/record-log.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { appendRecords } from '../records/append-records.js'
import { readRecords } from '../records/read-records.js'
import { readTopicLayout } from '../records/topic-layout.js'
import { ownTopic } from '../../../model/own-topic.js'
import { createTopic } from '../writer/create-topic.js'

/** Small documents are read in a moment; a topic that takes longer is not ours. */
const READ_WITHIN_MS = 30_000
const MADE_WITHIN_MS = 10_000
const PAUSE_MS = 200
const DAY_MS = 86_400_000

/** Where the state of a cluster is kept. */
export interface StateTopicParts {
  readonly pool: KafkaPool
  readonly topic: string
  readonly clusterId: string
  readonly clock: Clock
}

/** State in a compacted topic of one partition: the last record of a key is its document, one without a value removes it. */
export function openStateTopic(parts: StateTopicParts): StateStore {
  return {
    read: () => readState(parts),
    write: async (changes) => {
      if (changes.size === 0) return
      await ensureTopic(parts)
      const records = [...changes].map(([key, value]): NewRecord => ({
        key: Buffer.from(`${parts.clusterId}/${key}`),
        value: value === null ? null : Buffer.from(JSON.stringify(value)),
      }))
      await appendRecords(parts.pool, parts.topic, records)
    },
  }
}

async function readState(parts: StateTopicParts): Promise<ReadonlyMap<string, StateEntry>> {
  const { pool, topic, clusterId } = parts
  const prefix = `${clusterId}/`
  const entries = new Map<string, StateEntry>()
  const signal = AbortSignal.timeout(READ_WITHIN_MS)
  try {
    const { unread } = await readRecords(pool, { topic, fromMs: 0, signal }, (record) => {
      const full = record.key === null ? '' : Buffer.from(record.key).toString('utf8')
      if (!full.startsWith(prefix)) return
      const key = full.slice(prefix.length)
      if (record.value === null) entries.delete(key)
      else entries.set(key, { key, value: parse(record.value), writtenAtMs: record.timestampMs })
    })
    const [missing] = unread
    if (missing !== undefined) throw unreadable(topic, `it has no leader (${missing.error})`)
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'TOPIC_NOT_FOUND') return new Map()
    if (error instanceof OperatorError) throw error
    if (signal.aborted) throw unreadable(topic, `it was not read within ${READ_WITHIN_MS / 1000} s`)
    throw error
  }
  return new Map([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** What is no JSON stays as its text: whoever looks for a document finds that it is none. */
function parse(value: Uint8Array): JsonValue {
  const text = Buffer.from(value).toString('utf8')
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}

/** Makes the topic where it is missing, and waits until its leader is known. */
async function ensureTopic({ pool, topic, clock }: StateTopicParts): Promise<void> {
  if (await isThere(pool, topic)) return
  const { brokers } = await pool.refresh()
  const live = [...brokers.values()].map(({ nodeId, rack }) => ({ id: nodeId, rack }))
  const configs = {
    'cleanup.policy': 'compact',
    'compression.type': 'producer',
    'message.timestamp.type': 'LogAppendTime',
    'segment.ms': String(DAY_MS),
  }
  const outcome = await createTopic(pool, ownTopic({ name: topic, partitions: 1, configs }, live), {
    timeoutMs: pool.requestTimeoutMs,
  })
  if (outcome.status === 'refused' && outcome.code !== 'TOPIC_ALREADY_EXISTS') {
    throw notMade(topic, outcome.code, outcome.message)
  }
  const endMs = clock.nowMs() + MADE_WITHIN_MS
  while (!(await isThere(pool, topic))) {
    if (clock.nowMs() > endMs) throw notMade(topic, 'TIMED_OUT', 'it does not appear')
    await clock.sleep(PAUSE_MS)
  }
}

async function isThere(pool: KafkaPool, topic: string): Promise<boolean> {
  try {
    const layout = await readTopicLayout(pool, topic)
    return [...layout.values()].some((leader) => leader !== null)
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'TOPIC_NOT_FOUND') return false
    throw error
  }
}

function unreadable(topic: string, why: string): OperatorError {
  return new OperatorError({
    code: 'STATE_UNREADABLE',
    message: `The topic ${topic}, which keeps maintenance and cooldowns, cannot be read: ${why}.`,
    nextSteps: ['klinic cluster check'],
    exit: 'unreachable',
  })
}

function notMade(topic: string, code: string, message: string): OperatorError {
  const isDenied = code.endsWith('AUTHORIZATION_FAILED')
  return new OperatorError({
    code: 'STATE_TOPIC_NOT_MADE',
    message: `The topic ${topic}, which keeps maintenance and cooldowns, could not be made: ${message} (${code}).`,
    nextSteps: isDenied ? [`grant CREATE on the topic ${topic}, or make it (compacted)`] : [],
    exit: isDenied ? 'notAuthorised' : 'failed',
  })
}
