import type { ActionRecord } from '../../../ports/action-log.js'
import type { JournalRecord, StoredJournal } from '../../../ports/journal.js'
import type { Actor } from '../../../plan/actor.js'
import type { RecordReader } from '../../../ports/record-log.js'
import type { LocalJournals } from '../open-journal-store.js'
import { ActionAssembler } from './action-assembler.js'
import { actionOfNote, actionsOf } from './to-action.js'

/** Gives the actions that were not given before, in the order in which they were written. */
export interface ActionTail {
  readonly next: () => Promise<readonly ActionRecord[]>
}

/** Follows the actions topic; what was sent twice is given once. */
export function tailTopic(reader: RecordReader, topic: string, fromMs: number): ActionTail {
  const assembler = new ActionAssembler()
  const given = new Set<string>()
  let position: ReadonlyMap<number, number> = new Map()
  return {
    next: async () => {
      const found: ActionRecord[] = []
      const request = { topic, fromMs, fromOffsets: position }
      const { endOffsets } = await reader.readRecords(request, ({ value }) => {
        const action = assembler.take(value)
        if (action === null) return
        const id = `${action.executionId} ${action.sequence}`
        if (!given.has(id)) found.push(action)
        given.add(id)
      })
      position = new Map([...position, ...endOffsets])
      return found
    },
  }
}

/** Follows the journals and notes of this host, of one cluster or of all. */
export function tailLocal(journals: LocalJournals, clusterId: string | null): ActionTail {
  const given = new Map<string, number>()
  const fresh = (id: string, actions: readonly ActionRecord[]): readonly ActionRecord[] => {
    const from = given.get(id) ?? 0
    given.set(id, actions.length)
    return actions.slice(from)
  }
  return {
    next: async () => {
      const ids = clusterId === null ? await journals.clusters() : [clusterId]
      const found: ActionRecord[] = []
      for (const id of ids) {
        for (const journal of await journals.list(id)) {
          found.push(...fresh(journal.path, actionsOfJournal(journal)))
        }
        const notes = await journals.notes(id)
        found.push(
          ...fresh(
            id,
            notes.map((note, index) => actionOfNote(id, note, String(index))),
          ),
        )
      }
      return found.sort((a, b) =>
        a.record.at < b.record.at ? -1 : a.record.at > b.record.at ? 1 : 0,
      )
    },
  }
}

/** Who wrote a record stands in the start, and in each record of somebody who took the execution up. */
function actionsOfJournal({ records }: StoredJournal): readonly ActionRecord[] {
  const start = records[0]
  if (start?.type !== 'started') return []
  let toAction = actionsOf(start, start.actor)
  const actorOf = (record: JournalRecord): Actor | null =>
    record.type === 'taken-up' ? record.actor : null
  return records.map((record, sequence) => {
    const actor = actorOf(record)
    if (actor !== null) toAction = actionsOf(start, actor)
    return toAction(record, sequence)
  })
}
