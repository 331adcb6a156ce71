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

/** An alert that was sent, and not yet said to be over. */
export const sentAlertSchema = z.strictObject({
  kind: z.string().min(1),
  subject: z.string().min(1),
  message: z.string(),
  firstSent: time,
  lastSent: time,
  count: optional(z.number().int().min(1)),
})
/** An alert that was sent, and not yet said to be over. */
export type SentAlert = z.infer<typeof sentAlertSchema>
