import { OperatorError } from '../errors/operator-error.js'
import type { UnreadPart } from '../model/snapshot.js'

/** What came of one question: its answer, or the part of the cluster that stays unread because of it. */
export type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly unread: UnreadPart }

/**
 * Waits for one part of the reading. A failure of a remote side (OperatorError) becomes an unread part, so that one
 * sick corner does not hide the rest; anything else is a fault of ours and is thrown on.
 */
export async function attempt<T>(
  part: UnreadPart['part'],
  subject: string,
  question: Promise<T>,
): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await question }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { ok: false, unread: { part, subject, code: error.code, message: error.message } }
  }
}

/** The unread part of a failed attempt, as a list to be spread. */
export function unreadOf(attempted: Attempt<unknown>): readonly UnreadPart[] {
  return attempted.ok ? [] : [attempted.unread]
}
