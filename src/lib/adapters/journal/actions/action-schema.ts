import * as z from 'zod'

import { planKindSchema } from '../../../plan/plan-schema.js'
import { journalRecordSchema } from '../record-schema.js'

const actor = z.object({ user: z.string(), host: z.string(), pid: z.number().int() })

const envelope = {
  format: z.literal('klinic.action/1'),
  clusterId: z.string(),
  executionId: z.string(),
  planId: z.string().nullable(),
  kind: z.enum([...planKindSchema.options, 'note']),
  sequence: z.number().int().min(0),
  actor,
  subject: z.string().nullable(),
}

/** One action whole, as it stands in a record of the topic. */
export const wholeActionSchema = z.object({ ...envelope, record: journalRecordSchema })

/** A piece of an action that is too large for one record: gzip of the JSON of its `record`, cut, in base64. */
export const actionPartSchema = z.object({
  ...envelope,
  part: z.object({
    index: z.number().int().min(0),
    of: z.number().int().min(1).max(10_000),
    encoding: z.literal('gzip+base64'),
    /** Of the JSON of the whole `record`, in hex. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    data: z.string(),
  }),
})

/** A record of the actions topic. */
export const actionSchema = z.union([wholeActionSchema, actionPartSchema])

/** A piece as read. */
export type ActionPart = z.output<typeof actionPartSchema>
