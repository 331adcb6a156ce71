import * as z from 'zod'

import { OperatorError } from '../../errors/operator-error.js'
import type { GroupHealth, GroupStatus } from '../../health/consumers/judge-group.js'
import type { ConsumerHealthSource } from '../../ports/consumer-health.js'

const TIMEOUT_MS = 10_000
const CAP_BYTES = 20 * 1024 * 1024

/** The part of Burrow's v3 answer that we need; `complete` is the share of its window that it has filled. */
const answerSchema = z.object({
  status: z.object({
    status: z.string(),
    complete: z.number().default(1),
    totallag: z.number().nullish(),
    maxlag: z.object({ topic: z.string(), partition: z.number(), status: z.string() }).nullish(),
  }),
})

const STATUSES: Readonly<Record<string, GroupStatus>> = {
  OK: 'OK',
  WARN: 'WARN',
  ERR: 'ERR',
  STOP: 'ERR',
  STALL: 'ERR',
  REWIND: 'ERR',
  NOTFOUND: 'NOTFOUND',
}

/** What to take for full: a Burrow that just restarted says OK before it has seen anything. */
export interface BurrowOptions {
  readonly minComplete: number
}

function parseBase(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (
    parsed === null ||
    !/^https?:$/.test(parsed.protocol) ||
    !/\/v3\/kafka\/[^/]+\/?$/.test(parsed.pathname)
  ) {
    throw new OperatorError({
      code: 'BAD_BURROW_URL',
      message: `${JSON.stringify(url)} is not the address of a cluster in Burrow`,
      nextSteps: ['write it as http://burrow:8000/v3/kafka/CLUSTER'],
      exit: 'usage',
    })
  }
  return parsed.href.replace(/\/$/, '')
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text.length > CAP_BYTES) throw new RangeError('the answer is larger than 20 MiB')
  return JSON.parse(text)
}

function interpret(groupId: string, body: unknown, options: BurrowOptions): GroupHealth {
  const { status } = answerSchema.parse(body)
  const totalLag = status.totallag ?? null
  const known = STATUSES[status.status] ?? 'UNKNOWN'
  if (known === 'OK' && status.complete < options.minComplete) {
    const share = Math.round(status.complete * 100)
    return {
      groupId,
      status: 'UNKNOWN',
      totalLag,
      why: `Burrow has filled ${share} % of its window only`,
    }
  }
  const worst = status.maxlag
  const where =
    known === 'OK' || worst === null || worst === undefined
      ? ''
      : `, worst ${worst.topic}-${worst.partition} (${worst.status})`
  return { groupId, status: known, totalLag, why: `Burrow says ${status.status}${where}` }
}

async function checkOne(
  base: string,
  groupId: string,
  options: BurrowOptions,
): Promise<GroupHealth> {
  const url = `${base}/consumer/${encodeURIComponent(groupId)}/status`
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status === 404)
      return { groupId, status: 'NOTFOUND', totalLag: null, why: 'Burrow does not know it' }
    if (!response.ok)
      return {
        groupId,
        status: 'UNKNOWN',
        totalLag: null,
        why: `Burrow answered ${response.status}`,
      }
    return interpret(groupId, await readBody(response), options)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { groupId, status: 'UNKNOWN', totalLag: null, why: `Burrow did not answer: ${why}` }
  }
}

/** Consumer health from Burrow's HTTP API v3 (`/v3/kafka/CLUSTER/consumer/GROUP/status`). */
export function openBurrow(url: string, options: BurrowOptions): ConsumerHealthSource {
  const base = parseBase(url)
  return { check: (groupIds) => Promise.all(groupIds.map((id) => checkOne(base, id, options))) }
}
