import * as z from 'zod'

import {
  amountSchema,
  capacitySchema,
  idSchema,
  nameSchema,
  replicaListSchema,
  textSchema,
  timeSchema,
  topicIdSchema,
  topicNameSchema,
  trafficSchema,
} from '../model/snapshot-schema.js'
import type { JsonValue, Plan } from './plan.js'

const optional = z.exactOptional

const reasonSchema = z.strictObject({ code: nameSchema, text: textSchema })

const partitionOfStep = {
  id: idSchema,
  topic: topicNameSchema,
  topicId: optional(topicIdSchema),
  partition: idSchema,
  reason: reasonSchema,
  gain: optional(textSchema),
}

const reassignStepSchema = z
  .strictObject({
    ...partitionOfStep,
    type: z.literal('reassign'),
    from: replicaListSchema,
    to: replicaListSchema,
    bytesToMove: amountSchema,
    changesReplicationFactor: optional(z.literal(true)),
    leader: optional(idSchema),
  })
  .refine(({ leader, to }) => leader === undefined || to.includes(leader), {
    error: 'is not a member of "to"',
    path: ['leader'],
  })

const leaderStepSchema = z
  .strictObject({
    ...partitionOfStep,
    type: z.literal('leader'),
    replicas: replicaListSchema,
    from: idSchema.nullable(),
    to: idSchema,
    bytesToMove: z.literal(0),
  })
  .refine((step) => step.replicas.includes(step.to), {
    error: 'is not a member of "replicas"',
    path: ['to'],
  })

const restartStepSchema = z.strictObject({
  id: idSchema,
  type: z.literal('restart'),
  broker: idSchema,
  host: z.string().max(255),
  role: optional(z.literal('controller')),
  batch: idSchema,
  reason: reasonSchema,
  rack: optional(z.string().max(1_000)),
  leaders: idSchema,
  replicas: idSchema,
  partitionsAtRisk: idSchema,
  lowestIsrAfterStop: optional(idSchema),
})

const stepSchema = z.discriminatedUnion('type', [
  reassignStepSchema,
  leaderStepSchema,
  restartStepSchema,
])

const loadSchema = z.strictObject({
  inBytesPerSec: amountSchema,
  outBytesPerSec: amountSchema,
  diskBytes: amountSchema,
  replicas: idSchema,
  leaders: idSchema,
})

const brokerChangeSchema = z.strictObject({
  id: idSchema,
  rack: optional(z.string().max(1_000)),
  state: optional(z.enum(['dead', 'draining'])),
  capacity: optional(capacitySchema),
  before: loadSchema,
  after: loadSchema,
  peakDiskBytes: optional(amountSchema),
})

const balanceSchema = z.strictObject({
  resource: z.enum(['in', 'out', 'disk', 'replicas', 'leaders']),
  maxOverMeanBefore: amountSchema,
  maxOverMeanAfter: amountSchema,
})

const summarySchema = z.strictObject({
  replicaMoves: idSchema,
  leaderMoves: idSchema,
  bytesToMove: amountSchema,
  bytesAcrossRacks: optional(amountSchema),
  lowerBoundBytes: optional(amountSchema),
  etaSeconds: optional(idSchema),
  balance: optional(z.array(balanceSchema)),
  brokers: z.array(brokerChangeSchema),
})

const findingSchema = z.strictObject({
  code: nameSchema,
  severity: z.enum(['info', 'warning', 'blocker']),
  subject: textSchema,
  message: textSchema,
  nextSteps: z.array(textSchema),
  partitions: optional(z.array(textSchema)),
})

const deferredSchema = z.strictObject({
  subject: textSchema,
  reason: reasonSchema,
  override: optional(textSchema),
})

const jsonSchema: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
  ]),
)

/** What plans are made for. */
export const planKindSchema = z.enum([
  'heal',
  'balance',
  'drain',
  'decommission',
  'leader',
  'rack',
  'replication',
  'roll',
  'rollback',
  'import',
])

/** `klinic.plan/1`: what docs/schemas/plan.schema.json is made from. */
export const planSchema: z.ZodType<Plan> = z.strictObject({
  format: z.literal('klinic.plan/1'),
  id: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/),
  kind: planKindSchema,
  outcome: z.enum(['no-changes', 'changes', 'refused']),
  complete: z.boolean(),
  createdAt: timeSchema,
  cluster: z.strictObject({
    id: nameSchema,
    name: optional(nameSchema),
    fingerprint: textSchema,
  }),
  traffic: optional(trafficSchema),
  policy: z.record(z.string(), jsonSchema),
  steps: z.array(stepSchema),
  deferred: z.array(deferredSchema),
  findings: z.array(findingSchema),
  summary: summarySchema,
})
