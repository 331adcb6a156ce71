import type { CurvePoint } from '../../planners/balance/balance-curve.js'
import { formatBytes } from '../../units/format-quantity.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'

/** Result of `balance plan --curve`: from leadership alone up to the whole plan. */
export interface BalanceCurve {
  readonly points: readonly CurvePoint[]
}

/** What each further amount of data moved buys: busiest broker over the mean, one column a resource. */
export function renderCurve({ points }: BalanceCurve, style: Style): string {
  const resources = points[0]?.balance.map(({ resource }) => resource) ?? []
  const rows = points.map((point) => [
    formatBytes(point.bytesToMove),
    String(point.replicaMoves),
    ...resources.map((name) => {
      const line = point.balance.find(({ resource }) => resource === name)
      return line === undefined ? '-' : line.maxOverMeanAfter.toFixed(3)
    }),
  ])
  const now = points[0]?.balance.map(
    ({ resource, maxOverMeanBefore }) => `${resource} ${maxOverMeanBefore.toFixed(3)}`,
  )
  const columns = ['DATA MOVED', 'MOVES', ...resources.map((name) => name.toUpperCase())]
  return [
    style.bold('Busiest broker over the mean, by the data moved'),
    renderTable(
      columns.map((title) => ({ title, align: 'right' as const })),
      rows,
    ),
    `Now: ${now?.join(', ') ?? 'nothing known'}`,
  ].join('\n')
}
