import * as z from 'zod'

const time = z.iso.datetime({ offset: true })
const optional = z.exactOptional

/** Who wrote a document, from where. */
export const authorSchema = z.strictObject({ user: z.string(), host: z.string() })
/** Who wrote a document, from where. */
export type Author = z.infer<typeof authorSchema>

/** A cluster or a broker that a person works on: nothing automatic is to touch it. Times are ISO 8601. */
export const maintenanceSchema = z.strictObject({
  ...authorSchema.shape,
  reason: z.string().min(1),
  since: time,
  until: time,
})
/** A cluster or a broker that a person works on: nothing automatic is to touch it. */
export type Maintenance = z.infer<typeof maintenanceSchema>

/** Something that is not to be done again before a time. */
export const cooldownSchema = z.strictObject({
  ...authorSchema.shape,
  reason: z.string().min(1),
  since: time,
  until: time,
})
/** Something that is not to be done again before a time. */
export type Cooldown = z.infer<typeof cooldownSchema>

/** Since when something is seen to be so: a broker away, partitions under-replicated. */
export const firstSeenSchema = z.strictObject({ since: time, lastSeen: time })
/** Since when something is seen to be so. */
export type FirstSeen = z.infer<typeof firstSeenSchema>

/** What one channel was told of an alert: `told` while it waits for the end of it; `at` of the last alert, for the cooldown. */
export const toldChannelSchema = z.strictObject({ told: z.boolean(), at: time })
/** What one channel was told of an alert. */
export type ToldChannel = z.infer<typeof toldChannelSchema>

/** An alert that was raised, by channel; it stays for its cooldown after it `holds` no more. */
export const sentAlertSchema = z.strictObject({
  kind: z.string().min(1),
  subject: z.string().min(1),
  severity: z.enum(['critical', 'warning', 'info']),
  message: z.string(),
  /** Since when it holds, or held. */
  since: time,
  holds: z.boolean(),
  /** It came of trying something, so that a run that tries nothing cannot tell whether it is over. */
  ofAttempt: optional(z.literal(true)),
  channels: z.record(z.string(), toldChannelSchema),
})
/** An alert that was raised, by channel. */
export type SentAlert = z.infer<typeof sentAlertSchema>

/** The replacement of a broker that was begun and has not ended: one at a time for a cluster. */
export const replacementSchema = z.strictObject({
  ...authorSchema.shape,
  id: z.string().min(1),
  broker: z.number().int().min(0),
  reason: z.string().min(1),
  since: time,
  /** `script`: from just before the script is started on; what it did is not known until it has ended. */
  phase: z.enum(['draining', 'script']),
  /** Names the process of the script, so that a later run on the same machine can tell whether it still runs. */
  witness: optional(z.string()),
})
/** The replacement of a broker that was begun and has not ended. */
export type Replacement = z.infer<typeof replacementSchema>
