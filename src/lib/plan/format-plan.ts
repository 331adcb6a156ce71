import type { Plan } from './plan.js'

const member = (key: string, text: string): string => `${JSON.stringify(key)}: ${text}`

function list(items: readonly unknown[], indent: string): string {
  if (items.length === 0) return '[]'
  const lines = items.map((item) => `${indent}  ${JSON.stringify(item)}`)
  return `[\n${lines.join(',\n')}\n${indent}]`
}

function formatSummary(summary: Plan['summary']): string {
  const { brokers, balance, ...figures } = summary
  const members = [
    ...Object.entries(figures).map(([key, value]) => member(key, JSON.stringify(value))),
    ...(balance === undefined ? [] : [member('balance', list(balance, '    '))]),
    member('brokers', list(brokers, '    ')),
  ]
  return `{\n    ${members.join(',\n    ')}\n  }`
}

/** The plan as a file: one step, finding or broker a line, so that a review or a diff shows what it must. */
export function formatPlan(plan: Plan): string {
  const members = Object.entries(plan).map(([key, value]: [string, unknown]) => {
    if (key === 'summary') return member(key, formatSummary(plan.summary))
    return member(key, Array.isArray(value) ? list(value, '  ') : JSON.stringify(value))
  })
  return `{\n  ${members.join(',\n  ')}\n}\n`
}
