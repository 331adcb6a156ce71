import type { ConfigOverview } from '../config/overview.js'
import type { Style } from '../report/style.js'
import { renderTable } from '../report/table.js'
import { sanitiseLine } from '../units/terminal-text.js'

/** `config show` for people. */
export function renderOverview(
  overview: ConfigOverview,
  options: { readonly origin: boolean; readonly style: Style },
): string {
  const { style, origin } = options
  const file = overview.file ?? 'no configuration file'
  const cluster = overview.cluster === null ? 'no cluster named' : `cluster ${overview.cluster}`
  const rows = overview.keys.map((key) => {
    const value = key.value === null ? '-' : showValue(key.value)
    return [key.key, value, ...(origin ? [key.origin] : [])].map(sanitiseLine)
  })
  const columns = [{ title: 'key' }, { title: 'value' }, ...(origin ? [{ title: 'from' }] : [])]
  return [style.bold(`${cluster}, ${file}`), renderTable(columns, rows)].join('\n')
}

function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
