import type { Replacement } from '../../coordination/documents.js'
import type { Objection } from './replacement-case.js'

/**
 * What a replacement that was begun and has not ended means for the next one. One whose script had not begun did nothing
 * yet; one whose script had may have done anything, unless that script is known to run still.
 */
export async function judgeEarlier(
  earlier: Replacement | null,
  { again }: { readonly again: boolean },
  isGone: (witness: string) => Promise<boolean>,
): Promise<readonly Objection[]> {
  if (earlier === null || earlier.phase === 'draining') return []
  const { broker, reason, user, host, since, witness } = earlier
  const what = `the replacement of broker ${broker} (${reason}), which ${user}@${host} began at ${since},`
  if (witness !== undefined && !(await isGone(witness)) && !again) {
    const message = `${what} has not ended: its script may still run (${witness.split(' ')[1] ?? ''} on ${host})`
    return [{ code: 'REPLACEMENT_RUNNING', message, exit: 'tryLater' }]
  }
  if (again) return []
  const message = `${what} was broken off while its script ran: nobody knows what it did. Look at that broker first`
  return [{ code: 'REPLACEMENT_BROKEN_OFF', message, exit: 'needsPerson' }]
}
