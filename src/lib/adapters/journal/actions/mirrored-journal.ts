import type { Journal, JournalRecord } from '../../../ports/journal.js'
import { auditFailure, type ActionSink } from './action-sink.js'
import type { JournalMirror } from './journal-mirror.js'

/** How long a change may be held up so that another host would know of it; only while the topic keeps up. */
const COURTESY_MS = 500
/** With `--require-audit`: longest wait for the acknowledgement of what is to be done. */
const ASSURANCE_MS = 30_000
/** At the end: longest wait for what the topic does not have yet. */
const FLUSH_MS = 5_000

/** What a mirrored journal is made of. */
export interface MirrorParts {
  readonly local: Journal
  readonly mirror: JournalMirror
  readonly sink: ActionSink
  /** Nothing is done before the topic has acknowledged that it will be. */
  readonly requireAudit: boolean
  readonly warn: (text: string) => void
}

/** Records that say what is about to be done: a host that takes over could not find it out by looking at the cluster. */
function announces(record: JournalRecord): boolean {
  if (record.type === 'move') return ['intent', 'undoing', 'electing'].includes(record.state)
  if (record.type === 'restart') return !['done', 'failed'].includes(record.phase)
  return record.type === 'started' || record.type === 'taken-up' || record.type === 'throttle'
}

/** A journal whose records go to the local file first, and then to the actions topic. */
export function mirroredJournal(parts: MirrorParts): Journal {
  const { local, mirror, sink, requireAudit, warn } = parts
  let keepsUp = true
  const courtesy = async (): Promise<void> => {
    if (!keepsUp && mirror.unsent > 0) return
    keepsUp = sink.failure === null && (await mirror.settled(COURTESY_MS))
  }
  return {
    path: local.path,
    append: async (records) => {
      await local.append(records)
      mirror.push(records)
      if (!records.some(announces)) return
      if (requireAudit) await assure(mirror, sink)
      else await courtesy()
    },
    close: async () => {
      const unsent = await mirror.close(FLUSH_MS)
      await local.close()
      if (unsent > 0) {
        warn(
          `${unsent} records are in ${local.path} only; the next command of this host that writes to topic ${sink.topic} sends them.`,
        )
      }
    },
  }
}

/** Waits until the topic has everything; OperatorError AUDIT_UNWRITABLE when it does not take it. */
export async function assure(
  mirror: Pick<JournalMirror, 'settled'>,
  sink: ActionSink,
): Promise<void> {
  if (await mirror.settled(ASSURANCE_MS)) return
  throw sink.failure ?? auditFailure(sink.topic, new Error('it did not answer in time'))
}
