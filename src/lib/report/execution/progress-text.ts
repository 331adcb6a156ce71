import type { ExecutionProgress } from '../../plan/execution-report.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { formatSeconds } from '../../units/format-seconds.js'

/** One line: `12 of 40 moves, 1.20 GB of 4.00 GB, 48.1 MB/s, about 58 s left, 5 under way`. */
export function progressLine(figures: ExecutionProgress): string {
  const { moves, movesOver, movesUnderWay, bytesCopied, bytesTotal } = figures
  const parts = [`${movesOver} of ${moves} moves`]
  if (bytesTotal > 0) parts.push(`${formatBytes(bytesCopied)} of ${formatBytes(bytesTotal)}`)
  const { bytesPerSec, etaSeconds } = figures
  if (bytesPerSec !== null && bytesPerSec > 0) parts.push(formatBytesPerSec(bytesPerSec))
  if (etaSeconds !== null && etaSeconds > 0) parts.push(`about ${formatSeconds(etaSeconds)} left`)
  if (movesUnderWay > 0) parts.push(`${movesUnderWay} under way`)
  return parts.join(', ')
}
