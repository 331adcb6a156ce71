import type { WriteOutcome } from '../../../ports/cluster-writer.js'
import { errorName } from '../protocol/error-names.js'

/** Kafka's errors that leave open whether the change was made. */
const UNDECIDED = new Set(['REQUEST_TIMED_OUT', 'UNKNOWN_SERVER_ERROR', 'NETWORK_EXCEPTION'])

/** Size of the pieces in which partitions are sent: one slow or lost answer then leaves few of them in doubt. */
export const PARTITIONS_A_REQUEST = 100

/** What an error code of an answer means for the item it stands with. `fine` are errors that are none to us. */
export function outcomeOf(
  errorCode: number,
  message: string | null,
  fine: readonly string[] = [],
): WriteOutcome {
  const code = errorName(errorCode)
  if (errorCode === 0 || fine.includes(code)) return { status: 'ok' }
  const text = message === null || message === '' ? code : message
  if (UNDECIDED.has(code)) return { status: 'unknown', message: text }
  return { status: 'refused', code, message: text }
}

/** The answer did not speak of the item at all. */
export const NOT_IN_ANSWER: WriteOutcome = {
  status: 'unknown',
  message: 'the answer of the broker leaves it out',
}

/** Cuts a list into pieces of at most `size`. */
export function pieces<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const result: T[][] = []
  for (let at = 0; at < items.length; at += size) result.push(items.slice(at, at + size))
  return result
}

/** Groups by topic, in order of first appearance. */
export function byTopic<T extends { readonly topic: string }>(
  items: readonly T[],
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(item.topic)
    if (group === undefined) groups.set(item.topic, [item])
    else group.push(item)
  }
  return [...groups]
}
