import type { UnreadPart } from './snapshot.js'

/** Parts whose messages say by themselves what is missing. */
const SPEAKING_PARTS: ReadonlySet<UnreadPart['part']> = new Set(['zookeeper', 'controller'])

/** One sentence for people: what could not be read, of whom (`subjects`), and why. */
export function describeUnread(unread: UnreadPart, subjects: string = unread.subject): string {
  const { part, code, message } = unread
  if (SPEAKING_PARTS.has(part) || code === 'VIEWS_DIFFER') return message
  return `could not read the ${part} of ${subjects}: ${message} (${code})`
}
