import * as z from 'zod'

import type { BrokerEvidence } from './evidence.js'
import type { SnapshotMaintenance } from './snapshot-maintenance.js'
import type { Broker, Partition, Snapshot, Topic, TrafficOrigin } from './snapshot.js'

/** A broker id or partition number: what Kafka's INT32 holds, without the negative marks for "none". */
export const idSchema = z.int().min(0).max(2_147_483_647)
/** Bytes, or bytes per second: finite, not negative, exact in a double. */
export const amountSchema = z.number().min(0).max(Number.MAX_SAFE_INTEGER)
/** A share from 0 to 1. */
export const shareSchema = z.number().min(0).max(1)
/** ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime()
/** A topic name as Kafka allows it. */
export const topicNameSchema = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/)
/** A topic id as Kafka prints it. */
export const topicIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

/** Text from elsewhere; long enough for every path and host, short enough not to be an attack. */
export const textSchema = z.string().max(10_000)
/** A host name, an id: never empty. */
export const nameSchema = z.string().min(1).max(255)

/** Replica lists: at least one replica, none twice. */
export const replicaListSchema = z
  .array(idSchema)
  .min(1)
  .refine((list) => new Set(list).size === list.length, { error: 'names a broker twice' })

const optional = z.exactOptional

/** What a broker can carry. */
export const capacitySchema = z.strictObject({
  inBytesPerSec: optional(amountSchema),
  outBytesPerSec: optional(amountSchema),
  diskBytes: optional(amountSchema),
})

/** Where traffic figures come from. */
export const trafficSchema: z.ZodType<TrafficOrigin> = z.strictObject({
  from: timeSchema,
  to: timeSchema,
  statistic: z.enum(['max', 'p95', 'mean']),
  source: nameSchema,
  unseenShare: optional(shareSchema),
  notices: optional(z.array(textSchema)),
})

const logDirSchema = z.strictObject({
  path: textSchema,
  totalBytes: optional(amountSchema),
  usableBytes: optional(amountSchema),
  error: optional(nameSchema),
})

const portStateSchema = z.enum(['open', 'refused', 'timed-out', 'unreachable'])

const evidenceSchema: z.ZodType<BrokerEvidence> = z.strictObject({
  registered: optional(z.enum(['yes', 'fenced', 'no'])),
  registeredAt: optional(timeSchema),
  port: optional(portStateSchema),
  sshPort: optional(portStateSchema),
  api: optional(nameSchema),
  awayAt: optional(timeSchema),
  silentAt: optional(timeSchema),
  behindAt: optional(timeSchema),
  returnedAt: optional(timeSchema),
  lastSampleAt: optional(timeSchema),
  traffic: optional(
    z.strictObject({ at: timeSchema, inBytesPerSec: amountSchema, outBytesPerSec: amountSchema }),
  ),
})

const brokerSchema: z.ZodType<Broker> = z.strictObject({
  id: idSchema,
  host: z.string().max(255),
  port: z.int().min(0).max(65_535),
  rack: optional(z.string().max(1_000)),
  state: z.enum(['alive', 'dead', 'draining']),
  capacity: optional(capacitySchema),
  logDirs: optional(z.array(logDirSchema)),
  lastSeen: optional(timeSchema),
  fenced: optional(z.literal(true)),
  unreachable: optional(nameSchema),
  evidence: optional(evidenceSchema),
})

/** One partition; large snapshots come here only with what the quick check of parse-snapshot.ts did not accept. */
export const partitionSchema: z.ZodType<Partition> = z.strictObject({
  id: idSchema,
  replicas: replicaListSchema,
  isr: optional(z.array(idSchema)),
  leader: idSchema.nullable(),
  adding: optional(z.array(idSchema)),
  removing: optional(z.array(idSchema)),
  bytesInPerSec: optional(amountSchema),
  bytesOutPerSec: optional(amountSchema),
  sizeBytes: optional(amountSchema),
  logDirs: optional(z.array(textSchema.nullable())),
  offlineReplicas: optional(z.array(idSchema)),
})

const topicHead = {
  name: topicNameSchema,
  topicId: optional(topicIdSchema),
  minInsyncReplicas: optional(idSchema),
}

/** A topic without looking into its partitions. */
export const topicHeadSchema = z.strictObject(topicHead)

/** One topic with its partitions. */
export const topicSchema: z.ZodType<Topic> = z.strictObject({
  ...topicHead,
  partitions: z.array(partitionSchema),
})

const maintenanceNote = {
  user: textSchema,
  host: textSchema,
  reason: textSchema,
  since: timeSchema,
  until: timeSchema,
}

const maintenanceSchema: z.ZodType<SnapshotMaintenance> = z.strictObject({
  cluster: optional(z.strictObject(maintenanceNote)),
  brokers: z.array(z.strictObject({ ...maintenanceNote, broker: idSchema })),
  unread: optional(z.strictObject({ code: nameSchema, message: textSchema })),
})

const snapshotFields = {
  format: z.literal('klinic.snapshot/1'),
  cluster: z.strictObject({
    id: nameSchema,
    name: optional(nameSchema),
    metadata: z.enum(['kraft', 'zookeeper']),
    controller: optional(idSchema),
  }),
  capturedAt: timeSchema,
  traffic: optional(trafficSchema),
  maintenance: optional(maintenanceSchema),
  brokers: z.array(brokerSchema),
  throttles: optional(
    z.array(
      z.strictObject({
        resource: z.enum(['broker', 'topic']),
        name: z.string().max(249),
        key: nameSchema,
        value: z.string(),
      }),
    ),
  ),
  warnings: optional(z.array(textSchema)),
  unread: optional(
    z.array(
      z.strictObject({
        part: z.enum([
          'metadata',
          'reassignments',
          'log dirs',
          'topic configs',
          'broker configs',
          'controller',
          'zookeeper',
        ]),
        subject: textSchema,
        code: nameSchema,
        message: textSchema,
      }),
    ),
  ),
  partialView: optional(
    z.strictObject({ hiddenPartitions: idSchema, examples: z.array(textSchema) }),
  ),
  zookeeperLeftovers: optional(z.array(z.strictObject({ path: textSchema, data: z.string() }))),
}

/** A snapshot without looking into its topics. */
export const snapshotHeadSchema: z.ZodType<Omit<Snapshot, 'topics'>> =
  z.strictObject(snapshotFields)

/** `klinic.snapshot/1`, whole: what docs/schemas/snapshot.schema.json is made from. */
export const snapshotSchema: z.ZodType<Snapshot> = z.strictObject({
  ...snapshotFields,
  topics: z.array(topicSchema),
})
