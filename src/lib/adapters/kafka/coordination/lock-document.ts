import { Buffer } from 'node:buffer'

import * as z from 'zod'

import type { LockHolder } from '../../../ports/journal.js'

const schema = z.object({
  user: z.string(),
  host: z.string(),
  pid: z.number().int(),
  since: z.string(),
  what: z.string(),
  witness: z.string(),
})
const owned = schema.extend({ owner: z.string().min(1) })

/** What a member of the lock's group says of itself. */
export type LockDocument = z.infer<typeof schema>
/** What the group's leader tells every member: who has the lock, as the member id `owner`. */
export type OwnedLock = z.infer<typeof owned>

/** The bytes that Kafka keeps for us. */
export const encodeDocument = (document: LockDocument | OwnedLock): Buffer =>
  Buffer.from(JSON.stringify(document))

/** The owner that an assignment names; null for anything that is not ours. */
export function decodeOwner(bytes: Uint8Array): OwnedLock | null {
  try {
    return owned.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return null
  }
}

/** The part of a document that an operator is shown. */
export const holderOf = ({ user, host, pid, since, what }: LockDocument): LockHolder => ({
  user,
  host,
  pid,
  since,
  what,
})
