import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'

/** What `roll status --json` prints. */
export interface RollStatusDocument {
  readonly planId: string
  readonly clusterId: string
  readonly startedAt: string
  readonly startedBy: string
  readonly isOver: boolean
  readonly brokers: readonly {
    readonly broker: number
    readonly batch: number
    /** Last phase that was entered; `waiting` when its turn has not come. */
    readonly phase: string
    readonly mayBeDown: boolean
  }[]
}

/** Where a roll stands: a verdict and a row for each broker. */
export function renderRollStatus(document: RollStatusDocument, style: Style): string {
  const done = document.brokers.filter((broker) => broker.phase === 'done').length
  const state = document.isOver ? 'over' : 'not finished'
  const down = document.brokers.filter((broker) => broker.mayBeDown).map((broker) => broker.broker)
  const rows = document.brokers.map((broker) => [
    String(broker.broker),
    String(broker.batch),
    broker.mayBeDown ? style.red(`${broker.phase}, may be down`) : broker.phase,
  ])
  const columns = [
    { title: 'BROKER', align: 'right' },
    { title: 'BATCH', align: 'right' },
    { title: 'PHASE' },
  ] as const
  return [
    `${style.bold(`Roll ${document.planId}`)}: ${state}, ${done} of ${document.brokers.length} brokers restarted${
      down.length === 0 ? '' : `; look at broker ${down.join(', ')}`
    }.`,
    `Started ${document.startedAt} by ${sanitiseLine(document.startedBy)}`,
    '',
    renderTable(columns, rows),
  ].join('\n')
}
