import { readFileSync } from 'node:fs'

import { openJournalStore } from '../../src/lib/adapters/journal/open-journal-store.js'
import type { JournalRecord, StoredJournal } from '../../src/lib/ports/journal.js'

/** All journals that an operator's klinic wrote for a cluster; throws when one of them is damaged. */
export function journalsOf(
  stateDirectory: string,
  clusterId: string,
): Promise<readonly StoredJournal[]> {
  return openJournalStore(stateDirectory).list(clusterId)
}

/** Whole lines of a journal file; 0 while there is none. */
export function countLines(path: string): number {
  try {
    return readFileSync(path).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 0)
  } catch {
    return 0
  }
}

/** What is wrong with the journal of an execution that came to its end. */
export function checkJournal({ path, records, torn }: StoredJournal): readonly string[] {
  const problems: string[] = []
  if (torn) problems.push(`${path} has a torn tail after its end`)
  const last = records.at(-1)
  if (last?.type !== 'ended' || last.outcome !== 'finished')
    problems.push(`${path} does not end with an end`)
  const states = new Map<number, string>()
  for (const record of records) {
    if (record.type !== 'move') continue
    const before = states.get(record.step)
    const problem = checkTransition(before, record.state)
    if (problem !== null) problems.push(`step ${record.step}: ${problem}`)
    states.set(record.step, record.state)
  }
  return problems
}

/** A move ends once; nothing is sent before it is intended, and nothing after its end. */
function checkTransition(before: string | undefined, now: string): string | null {
  if (before === 'done') return `${now} after it was done`
  const needsIntent = now === 'submitted' || now === 'unknown'
  if (needsIntent && before !== 'intent')
    return `${now} without an intent (was ${before ?? 'planned'})`
  return null
}

/** What a journal says last, in a word or two: where a kill hit. */
export function whereItStopped(records: readonly JournalRecord[] | undefined): string {
  const last = records?.at(-1)
  if (last === undefined) return 'before the journal'
  return last.type === 'move' ? last.state : last.type
}
