import type { Maintenance } from '../../coordination/documents.js'
import type { MaintenanceList } from '../../coordination/maintenance-list.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import { renderTable } from '../table.js'

const COLUMNS = [
  { title: 'WHAT' },
  { title: 'UNTIL' },
  { title: 'SINCE' },
  { title: 'BY' },
  { title: 'REASON' },
]

/** `2026-11-21 14:00Z` */
const shortTime = (iso: string): string =>
  iso.replace('T', ' ').replace(/(:\d{2})(:\d{2}(\.\d+)?)?Z$/, '$1Z')

const toRow = (what: string, note: Maintenance): readonly string[] =>
  [
    what,
    shortTime(note.until),
    shortTime(note.since),
    `${note.user}@${note.host}`,
    note.reason,
  ].map(sanitiseLine)

/** What is in maintenance, in columns. */
export function renderMaintenance({ cluster, brokers, unreadable }: MaintenanceList): string {
  const rows = [
    ...(cluster === null ? [] : [toRow('the cluster', cluster)]),
    ...brokers.map((note) => toRow(`broker ${note.broker}`, note)),
  ]
  const lines = rows.length === 0 ? ['Nothing is in maintenance.'] : [renderTable(COLUMNS, rows, 0)]
  for (const key of unreadable) {
    lines.push(`The document ${sanitiseLine(key)} was written by another version of klinic.`)
  }
  return lines.join('\n')
}
