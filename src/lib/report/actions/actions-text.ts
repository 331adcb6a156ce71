import type { ActionEntry } from '../../plan/action-entry.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import { renderTable } from '../table.js'

const COLUMNS = [
  { title: 'TIME' },
  { title: 'WHO' },
  { title: 'HOST' },
  { title: 'WHAT' },
  { title: 'OUTCOME' },
]

const toRow = ({ at, user, host, what, outcome }: ActionEntry): readonly string[] =>
  [at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'), user, host, what, outcome].map(sanitiseLine)

/** Actions in columns, the oldest first. */
export function renderActions(entries: readonly ActionEntry[]): string {
  return entries.length === 0 ? 'No actions.' : renderTable(COLUMNS, entries.map(toRow), 0)
}

/** One more action, for a log that is being followed. */
export function renderActionLine(entry: ActionEntry): string {
  return toRow(entry).join('  ')
}
