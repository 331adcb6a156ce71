import { count } from '../../health/wording.js'
import type { JudgedBroker } from '../../health/verdict/judge-broker.js'
import { formatAge } from '../../units/format-age.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'
import type { CheckDocument } from './check-document.js'
import { renderFindings } from './findings-text.js'

function evidenceOf({ signals }: JudgedBroker): string {
  return signals.map(({ text }) => text).join(', ')
}

function renderVerdict({ verdict }: JudgedBroker, style: Style): string {
  if (verdict === 'alive') return style.green(verdict)
  return verdict === 'restarting' ? style.yellow(verdict) : style.red(verdict)
}

function renderBrokers(brokers: readonly JudgedBroker[], style: Style): string {
  return renderTable(
    [
      { title: 'BROKER', align: 'right' },
      { title: 'VERDICT' },
      { title: 'FOR', align: 'right' },
      { title: 'EVIDENCE' },
    ],
    brokers.map((judged) => [
      String(judged.broker),
      renderVerdict(judged, style),
      judged.forMs === undefined || judged.verdict === 'alive' ? '-' : formatAge(judged.forMs),
      sanitiseLine(evidenceOf(judged)),
    ]),
  )
}

/** Findings, and the verdict on each broker with its evidence; brokers that are alive only with `full`, or beside others. */
export function renderCheck(
  check: CheckDocument,
  style: Style,
  options: { readonly full: boolean },
): string {
  const findings = renderFindings(check.findings, style, options)
  const told = options.full
    ? check.brokers
    : check.brokers.filter(({ verdict }) => verdict !== 'alive')
  const alive = check.brokers.length - told.length
  const summary = alive === 0 ? [] : [style.dim(`${count(alive, 'broker')} alive`)]
  return told.length === 0
    ? [findings, ...summary].join('\n')
    : [renderBrokers(told, style), ...summary, '', findings].join('\n')
}
