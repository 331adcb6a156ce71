import type { Plan } from '../../plan/plan.js'
import { plainStyle } from '../style.js'
import { brokerTable } from './broker-table.js'
import { changeGroups, deferredGroups, restartGroups, type ChangeGroup } from './change-groups.js'
import { planHeader } from './plan-header.js'

/** What would end a table cell or begin markup in text that comes from elsewhere. */
const escapeCell = (text: string): string => text.replace(/[\\`*_{}[\]<|]/g, '\\$&')

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(titles), `|${titles.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n')
}

function details({ title, rows, hidden }: ChangeGroup, titles: readonly string[]): string {
  const folded = hidden === 0 ? '' : `\n\n... ${hidden} more`
  const body = table(titles, rows)
  return `<details><summary>${escapeCell(title)}</summary>\n\n${body}${folded}\n\n</details>`
}

/** The plan for a pull request: the same facts as on the terminal, long lists folded. */
export function renderPlanMarkdown(plan: Plan, view: { readonly full: boolean }): string {
  const [verdict = '', ...facts] = planHeader(plan, plainStyle)
  const brokers = brokerTable(plan, view.full)
  const hasBrokers = plan.steps.length > 0 && plan.kind !== 'roll'
  const changes = changeGroups(plan, view.full)
  const restarts = restartGroups(plan, view.full)
  const deferred = deferredGroups(plan, view.full)
  return [
    `## ${escapeCell(verdict)}`,
    facts.map((fact) => `- ${escapeCell(fact)}`).join('\n'),
    ...(hasBrokers ? ['### Brokers, now -> after', table(brokers.titles, brokers.rows)] : []),
    ...(changes.length === 0 ? [] : ['### Changes by reason (* new replica)']),
    ...changes.map((group) => details(group, ['Partition', 'Replicas', 'Data', 'Why'])),
    ...restarts.map((group) => details(group, ['Batch', 'Broker', 'Host', 'Why'])),
    ...(deferred.length === 0 ? [] : ['### Left out']),
    ...deferred.map((group) => details(group, ['What', 'Why'])),
    ...(plan.findings.length === 0 ? [] : ['### Findings']),
    plan.findings
      .map(({ severity, code, message }) => `- **${severity}** ${code}: ${escapeCell(message)}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
