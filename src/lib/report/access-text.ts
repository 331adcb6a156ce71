import type { AccessReport, AccessRow } from '../health/access/judge-access.js'
import type { Purpose, Requirement } from '../health/access/required-access.js'
import { sanitiseLine } from '../units/terminal-text.js'
import type { Style } from './style.js'
import { renderTable } from './table.js'

const WORDS = { allowed: 'yes', missing: 'MISSING', unknown: 'unknown' } as const

/** `CLUSTER:DESCRIBE`, `TOPIC *:ALTER_CONFIGS`: a right as operators write it. */
export function nameRight({ scope, name, operation }: Requirement): string {
  const resource = {
    cluster: 'CLUSTER',
    'every topic': 'TOPIC *',
    'every group': 'GROUP *',
    topic: `TOPIC ${name ?? ''}`,
    group: `GROUP ${name ?? ''}`,
  }[scope]
  return `${resource}:${operation}`
}

/** Kafka's own command that grants a right. */
export function grantCommand({ scope, name, operation }: Requirement): string {
  const resource = {
    cluster: '--cluster',
    'every topic': "--topic '*'",
    'every group': "--group '*'",
    topic: `--topic ${name ?? ''}`,
    group: `--group ${name ?? ''}`,
  }[scope]
  const words = operation.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase())
  return `kafka-acls.sh --add --allow-principal User:NAME --operation ${words.join('')} ${resource}`
}

const cell = (row: AccessRow, style: Style): string => {
  const word = WORDS[row.status]
  if (row.status === 'allowed') return style.green(word)
  return row.optional === true ? style.yellow(`${word} (optional)`) : style.red(word)
}

/** All rights as a table, what is missing with the command that grants it. */
export function renderAccess(report: AccessReport, style: Style): string {
  const { purpose, rights } = report
  const columns = [{ title: 'RIGHT' }, { title: 'THERE' }, { title: 'NEEDED FOR' }]
  const rows = rights.map((row) => [
    nameRight(row),
    cell(row, style),
    row.detail === undefined ? row.why : `${row.why} (${sanitiseLine(row.detail)})`,
  ])
  const lines = [renderTable(columns, rows), '']
  const missing = rights.filter(({ status }) => status === 'missing')
  if (missing.length > 0) lines.push('Grant', ...missing.map((row) => `  ${grantCommand(row)}`), '')
  lines.push(verdict(report, purpose))
  return lines.join('\n')
}

function verdict({ sufficient, certain, rights }: AccessReport, purpose: Purpose): string {
  const named = (status: AccessRow['status']): string =>
    rights
      .filter((row) => row.status === status && row.optional !== true)
      .map(nameRight)
      .join(', ')
  if (!sufficient) return `Not enough for ${purpose}: ${named('missing')}.`
  if (!certain)
    return `Nothing is known to be missing for ${purpose}, but not all can be told: ${named('unknown')}.`
  return `Enough for ${purpose}.`
}
