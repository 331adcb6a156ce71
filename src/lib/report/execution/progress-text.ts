import type { ExecutionProgress } from '../../plan/execution-report.js'
import { renderTable } from '../table.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { formatSeconds } from '../../units/format-seconds.js'

/** One line: `12 of 40 moves, 1.20 GB of 4.00 GB, 48.1 MB/s, throttle 50.0 MB/s, about 58 s left, 5 under way`. */
export function progressLine(figures: ExecutionProgress): string {
  const { moves, movesOver, movesUnderWay, bytesCopied, bytesTotal } = figures
  const parts = [`${movesOver} of ${moves} moves`]
  if (bytesTotal > 0) parts.push(`${formatBytes(bytesCopied)} of ${formatBytes(bytesTotal)}`)
  const { bytesPerSec, etaSeconds } = figures
  const { throttleBytesPerSec } = figures
  if (bytesPerSec !== null && bytesPerSec > 0) parts.push(formatBytesPerSec(bytesPerSec))
  if (throttleBytesPerSec !== null && movesUnderWay > 0) {
    parts.push(`throttle ${formatBytesPerSec(throttleBytesPerSec)}`)
  }
  if (etaSeconds !== null && etaSeconds > 0) parts.push(`about ${formatSeconds(etaSeconds)} left`)
  if (movesUnderWay > 0) parts.push(`${movesUnderWay} under way`)
  return parts.join(', ')
}

/** The line, and below it a table of the partitions that are copied now, with what each still lags behind. */
export function progressScreen(figures: ExecutionProgress): string {
  const { moving = [] } = figures
  if (moving.length === 0) return progressLine(figures)
  const columns = [
    { title: 'PARTITION' },
    { title: 'TO' },
    { title: 'COPIED' },
    { title: 'OF' },
    { title: 'LAG' },
  ]
  const rows = moving.map(({ partition, adding, bytesCopied, bytesTotal }) => [
    partition,
    adding.join(' '),
    formatBytes(bytesCopied),
    formatBytes(bytesTotal),
    formatBytes(Math.max(0, bytesTotal - bytesCopied)),
  ])
  return `${progressLine(figures)}\n${renderTable(columns, rows)}`
}
