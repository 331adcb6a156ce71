import { canonicalJson } from '../../../plan/canonical-json.js'
import type { JournalRecord } from '../../../ports/journal.js'

/** What a local journal and the actions topic say together of one execution. */
export interface Reconciled {
  readonly records: readonly JournalRecord[]
  /** False when the local file has to be written anew before anything is added to it. */
  readonly isLocal: boolean
}

const isSame = (a: JournalRecord, b: JournalRecord): boolean =>
  canonicalJson(a) === canonicalJson(b)

function commonLength(a: readonly JournalRecord[], b: readonly JournalRecord[]): number {
  let length = 0
  for (const record of a) {
    const other = b[length]
    if (other === undefined || !isSame(record, other)) break
    length += 1
  }
  return length
}

/**
 * The longer one counts where one goes on from the other. Where they part, another host has gone on with an execution
 * whose last records it could not see: what it wrote counts, and the throttles that only the local journal knows of are
 * kept behind it, so that they are still given back.
 */
export function reconcile(
  local: readonly JournalRecord[],
  ofTopic: readonly JournalRecord[],
): Reconciled {
  const common = commonLength(local, ofTopic)
  if (common === ofTopic.length) return { records: local, isLocal: true }
  if (common === local.length) return { records: ofTopic, isLocal: false }
  const unknownElsewhere = local
    .slice(common)
    .filter(({ type }) => type === 'throttle' || type === 'release')
  return { records: [...ofTopic, ...unknownElsewhere], isLocal: false }
}
