import type { JournalRecord } from '../../ports/journal.js'

/** Seconds that each finished restart of a journal took, from its gate to its end. */
export function measureRestarts(records: readonly JournalRecord[]): readonly number[] {
  const begun = new Map<number, number>()
  const seconds: number[] = []
  for (const record of records) {
    if (record.type !== 'restart') continue
    const atMs = Date.parse(record.at)
    if (record.phase === 'gate') begun.set(record.broker, atMs)
    const since = begun.get(record.broker)
    if (record.phase === 'failed') begun.delete(record.broker)
    if (record.phase === 'done' && since !== undefined) seconds.push((atMs - since) / 1000)
  }
  return seconds
}
