import type { Finding, Severity } from '../../model/finding.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'

const WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  blocker: ['blocker', 'blockers'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
}
const SEVERITIES = ['blocker', 'warning', 'info'] as const

/** Findings as a list, gravest first; with `full` every partition concerned is named below its finding. */
export function renderFindings(
  findings: readonly Finding[],
  style: Style,
  options: { readonly full: boolean },
): string {
  if (findings.length === 0) return style.green('Healthy: nothing found.')
  const lines = findings.flatMap((finding) => renderFinding(finding, style, options.full))
  return [style.bold(`Findings: ${summarise(findings)}`), ...lines].join('\n')
}

/** `1 blocker, 2 warnings`; what is not there is not named. */
export function summarise(findings: readonly Finding[]): string {
  return SEVERITIES.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length
    return n === 0 ? [] : [`${n} ${WORDS[severity][n === 1 ? 0 : 1]}`]
  }).join(', ')
}

function renderFinding(finding: Finding, style: Style, full: boolean): readonly string[] {
  const paint = { blocker: style.red, warning: style.yellow, info: style.dim }[finding.severity]
  const names = full ? (finding.partitions ?? []) : []
  return [
    `  ${paint(WORDS[finding.severity][0].padEnd(7))}  ${finding.code}  ${sanitiseLine(finding.message)}`,
    ...(names.length === 0
      ? []
      : wrap(names, style.width - 13).map((line) => `             ${line}`)),
    ...finding.nextSteps.map((step) => `           ${style.dim(`-> ${sanitiseLine(step)}`)}`),
  ]
}

function wrap(names: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const name of names) {
    if (line !== '' && line.length + name.length + 1 > width) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? name : ` ${name}`
  }
  return line === '' ? lines : [...lines, line]
}
