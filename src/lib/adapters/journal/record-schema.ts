import * as z from 'zod'

import { OperatorError } from '../../errors/operator-error.js'
import type { JournalRecord } from '../../ports/journal.js'

const isPlanLike = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'steps' in value && 'cluster' in value

const at = z.string()
const actor = z.object({ user: z.string(), host: z.string(), pid: z.number().int() })
const resource = z.object({ type: z.enum(['topic', 'broker']), name: z.string() })

/** Any record of a journal, as it stands in a file or in the actions topic. */
export const journalRecordSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    format: z.literal('klinic.journal/1'),
    at,
    executionId: z.string(),
    planSha256: z.string(),
    plan: z.custom<Extract<JournalRecord, { type: 'started' }>['plan']>(isPlanLike),
    actor,
    options: z.record(z.string(), z.json()),
    reason: z.string().optional(),
    leaders: z.record(z.string(), z.number().int().nullable()).optional(),
  }),
  z.object({
    type: z.literal('taken-up'),
    at,
    verb: z.enum(['resume', 'cancel', 'cleanup']),
    actor,
    lock: z.string().optional(),
    reason: z.string().optional(),
    options: z.record(z.string(), z.json()).optional(),
  }),
  z.object({
    type: z.literal('move'),
    at,
    step: z.number().int(),
    state: z.enum([
      'intent',
      'submitted',
      'unknown',
      'copying',
      'electing',
      'done',
      'undoing',
      'undone',
      'skipped',
    ]),
    reason: z.object({ code: z.string(), text: z.string() }).optional(),
  }),
  z.object({
    type: z.literal('throttle'),
    at,
    resource,
    key: z.string(),
    before: z.string().nullable(),
    mine: z.string(),
  }),
  z.object({
    type: z.literal('release'),
    at,
    resource,
    key: z.string(),
    entries: z.string(),
    outcome: z.enum(['cleared', 'gone', 'debt']),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('restart'),
    at,
    broker: z.number().int(),
    phase: z.enum([
      'gate',
      'pre-stop',
      'draining',
      'stopping',
      'stopped',
      'pre-start',
      'starting',
      'started',
      'recovered',
      'post-start',
      'done',
      'failed',
    ]),
    process: z.object({ pid: z.number().int(), startTicks: z.string() }).optional(),
    drained: z
      .array(
        z.object({
          topic: z.string(),
          partition: z.number().int(),
          replicas: z.array(z.number().int()),
        }),
      )
      .optional(),
    hook: z
      .object({ name: z.string(), exitCode: z.number().int().nullable(), output: z.string() })
      .optional(),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal('ended'),
    at,
    outcome: z.enum(['finished', 'cancelled', 'stopped', 'interrupted', 'failed']),
    message: z.string(),
  }),
  z.object({
    type: z.literal('note'),
    at,
    what: z.string(),
    subject: z.string(),
    actor,
    message: z.string(),
    outcome: z.enum(['done', 'refused', 'failed']).optional(),
  }),
])

/** One record of a journal; OperatorError JOURNAL_UNREADABLE for what a newer version may have written. */
export function parseRecord(json: string, path: string): JournalRecord {
  try {
    return journalRecordSchema.parse(JSON.parse(json)) as JournalRecord
  } catch (cause) {
    throw new OperatorError({
      code: 'JOURNAL_UNREADABLE',
      message: `${path} holds a record that this version of klinic does not know.`,
      nextSteps: ['use the version of klinic that wrote it, or a newer one'],
      exit: 'badData',
      cause,
    })
  }
}
