import { setTimeout as sleep } from 'node:timers/promises'

import { OperatorError } from '../../../errors/operator-error.js'
import type { NewRecord } from '../../../ports/record-log.js'
import { toBrokerFailure } from '../pool/broker-request-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { produce } from '../protocol/apis/produce.js'
import { errorName } from '../protocol/error-names.js'
import { encodeBatch } from './encode-batch.js'
import { splitIntoBatches } from './split-into-batches.js'
import { readTopicLayout } from './topic-layout.js'

const MAX_TRIES = 6
const PAUSE_MS = 250

/** Errors that pass: a leader that moves, replicas that are not back yet, an answer that was lost. */
const PASSING = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'KAFKA_STORAGE_ERROR',
  'UNREACHABLE',
  'TIMED_OUT',
])

/**
 * Appends the records, each partition's in their order, acknowledged by all in-sync replicas. What is repeated after a
 * lost answer may stand in the log twice; readers of klinic's topics expect that. Throws an OperatorError when a
 * partition refuses for good or too often.
 */
export async function appendRecords(
  pool: KafkaPool,
  topic: string,
  records: readonly NewRecord[],
): Promise<void> {
  const layout = await readTopicLayout(pool, topic)
  const batches = splitIntoBatches(records, layout)
  await Promise.all(
    [...batches].map(async ([partition, ofPartition]) => {
      for (const batch of ofPartition) await appendBatch(pool, { topic, partition, batch })
    }),
  )
}

interface Append {
  readonly topic: string
  readonly partition: number
  readonly batch: readonly NewRecord[]
}

async function appendBatch(pool: KafkaPool, append: Append): Promise<void> {
  const bytes = encodeBatch(append.batch, Date.now())
  let problem = { code: 'LEADER_NOT_AVAILABLE', message: 'it has no leader' }
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const outcome = await tryOnce(pool, append, bytes)
    if (outcome === null) return
    problem = outcome
    if (!PASSING.has(problem.code)) break
    if (attempt < MAX_TRIES) await sleep(PAUSE_MS * attempt)
  }
  const isDenied = problem.code.endsWith('AUTHORIZATION_FAILED')
  throw new OperatorError({
    code: problem.code,
    message: `Partition ${append.partition} of topic ${append.topic} did not take our records: ${problem.message} (${problem.code}).`,
    nextSteps: isDenied ? [`Grant the right to WRITE topic ${append.topic}.`] : [],
    exit: isDenied ? 'notAuthorised' : 'failed',
  })
}

async function tryOnce(
  pool: KafkaPool,
  { topic, partition }: Append,
  records: Uint8Array,
): Promise<{ code: string; message: string } | null> {
  try {
    const layout = await readTopicLayout(pool, topic)
    const brokerId = layout.get(partition) ?? null
    if (brokerId === null) return { code: 'LEADER_NOT_AVAILABLE', message: 'it has no leader' }
    const { partitions } = await pool.request({ brokerId }, produce, {
      timeoutMs: pool.requestTimeoutMs,
      topic,
      partitions: [{ index: partition, records }],
    })
    const answer = partitions.find(({ index }) => index === partition)
    if (answer === undefined) return { code: 'NO_ANSWER', message: 'the broker left it out' }
    if (answer.errorCode === 0) return null
    const code = errorName(answer.errorCode)
    return { code, message: answer.errorMessage ?? 'refused by its leader' }
  } catch (error) {
    if (error instanceof OperatorError) throw error
    return toBrokerFailure(error)
  }
}
