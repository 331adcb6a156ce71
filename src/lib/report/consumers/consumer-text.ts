import type { GroupHealth } from '../../health/consumers/judge-group.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'

/** What `consumer health --json` prints. */
export interface ConsumerDocument {
  readonly healthy: boolean
  readonly passes: number
  readonly groups: readonly GroupHealth[]
}

/** A verdict in one line, then a row for each group. */
export function renderConsumers(document: ConsumerDocument, style: Style): string {
  const sick = document.groups.filter((group) => group.status !== 'OK').length
  const verdict = document.healthy
    ? `All ${document.groups.length} consumer groups are well.`
    : `${sick} of ${document.groups.length} consumer groups are not well.`
  const rows = document.groups.map((group) => [
    sanitiseLine(group.groupId),
    group.status === 'OK' ? style.green('OK') : style.red(group.status),
    group.totalLag === null ? '?' : String(group.totalLag),
    sanitiseLine(group.why),
  ])
  const columns = [
    { title: 'group' },
    { title: 'status' },
    { title: 'lag', align: 'right' },
    { title: 'why' },
  ] as const
  return `${style.bold(verdict)}\n${renderTable(columns, rows)}`
}
