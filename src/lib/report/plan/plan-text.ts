import type { Plan } from '../../plan/plan.js'
import { renderFindings } from '../status/findings-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'
import { brokerTable } from './broker-table.js'
import { changeGroups, deferredGroups, restartGroups, type ChangeGroup } from './change-groups.js'
import { planHeader } from './plan-header.js'
import { count } from './words.js'

/** How much is shown. `nowMs` adds how old the plan is. */
export interface PlanView {
  readonly full: boolean
  readonly nowMs?: number
}

function renderBrokers(plan: Plan, style: Style, full: boolean): string | null {
  if (plan.steps.length === 0 || plan.kind === 'roll') return null
  const { titles, rows, hidden } = brokerTable(plan, full)
  const last = titles.length - 1
  const columns = titles.map((title, index) => ({
    title,
    align: index < 2 || index === last ? ('left' as const) : ('right' as const),
  }))
  const folded =
    hidden === 0 ? '' : `\n${style.dim(`  ... ${count(hidden, 'more broker')} (--full)`)}`
  return `${style.bold('Brokers, now -> after')}\n${renderTable(columns, rows)}${folded}`
}

function renderGroup({ title, rows, hidden }: ChangeGroup, style: Style): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  )
  const lines = rows.map(
    (row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`,
  )
  const folded = hidden === 0 ? [] : [style.dim(`    ... ${hidden} more (--full)`)]
  return [`  ${title}`, ...lines.map((line) => line.trimEnd()), ...folded].join('\n')
}

function renderGroups(title: string, groups: readonly ChangeGroup[], style: Style): string | null {
  if (groups.length === 0) return null
  return [style.bold(title), ...groups.map((group) => renderGroup(group, style))].join('\n')
}

/** The plan for people, on a terminal or in a log: verdict first, brokers, changes by reason, what is left out. */
export function renderPlan(plan: Plan, style: Style, view: PlanView): string {
  const { full } = view
  const findings =
    plan.findings.length === 0 ? null : renderFindings(plan.findings, style, { full })
  const refused = plan.outcome === 'refused'
  return [
    planHeader(plan, style, view.nowMs).join('\n'),
    refused ? findings : null,
    renderBrokers(plan, style, full),
    renderGroups('Changes by reason (* new replica)', changeGroups(plan, full), style),
    renderGroups('Batches', restartGroups(plan, full), style),
    renderGroups('Left out', deferredGroups(plan, full), style),
    refused ? null : findings,
  ]
    .filter((part) => part !== null)
    .join('\n\n')
}
