import type { UnreadPart } from '../model/snapshot.js'

/** One sentence for people: what could not be read, of whom, and why. */
export function describeUnread(unread: UnreadPart): string {
  return `could not read the ${unread.part} of ${unread.subject}: ${unread.message} (${unread.code})`
}
