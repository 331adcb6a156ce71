import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import type { ActionRecord } from '../../../ports/action-log.js'
import type { NewRecord } from '../../../ports/record-log.js'

/** Kafka's default limit is 1,048,588 bytes for a batch; this leaves room for its framing and our envelope. */
export const MAX_ACTION_BYTES = 700_000

/** Key of all records of one execution: they share a partition and stay in order. */
export function keyOfAction(clusterId: string, executionId: string): string {
  return `${clusterId}/${executionId}`
}

/** The records of the topic that stand for one action: one, or pieces of it when it is large (the plan of a start). */
export function encodeAction(
  action: ActionRecord,
  maxBytes = MAX_ACTION_BYTES,
): readonly NewRecord[] {
  const key = Buffer.from(keyOfAction(action.clusterId, action.executionId))
  const whole = Buffer.from(JSON.stringify(action))
  if (whole.length <= maxBytes) return [{ key, value: whole }]
  const { record, ...envelope } = action
  const json = JSON.stringify(record)
  const sha256 = createHash('sha256').update(json).digest('hex')
  const packed = gzipSync(json)
  const pieceBytes = Math.floor((maxBytes * 3) / 4)
  const of = Math.ceil(packed.length / pieceBytes)
  return Array.from({ length: of }, (_, index) => {
    const data = packed.subarray(index * pieceBytes, (index + 1) * pieceBytes).toString('base64')
    const part = { index, of, encoding: 'gzip+base64', sha256, data }
    return { key, value: Buffer.from(JSON.stringify({ ...envelope, part })) }
  })
}
