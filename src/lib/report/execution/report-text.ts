import type { ExecutionReport, OpenMove, ThrottleDebt } from '../../plan/execution-report.js'
import { formatBytes } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { formatSeconds } from './progress-text.js'

const SHOWN = 10

function head(report: ExecutionReport, style: Style): string {
  const { outcome, message, moves, planId } = report
  const isFine = report.exit === 'done'
  const word = isFine && outcome === 'finished' ? 'Done' : WORDS[outcome]
  const mark = isFine ? style.green(word) : style.yellow(word)
  const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000
  const undone = moves.undone > 0 ? `, ${moves.undone} undone` : ''
  return `${mark}: plan ${planId}, ${moves.done} of ${moves.total} moves done${undone}, ${formatBytes(report.bytesCopied)} copied in ${formatSeconds(seconds)}.${isFine ? '' : `\n${sanitiseLine(message)}`}`
}

const WORDS: Readonly<Record<ExecutionReport['outcome'], string>> = {
  finished: 'Finished, but not as planned',
  cancelled: 'Cancelled',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
}

function listMoves(title: string, moves: readonly OpenMove[]): readonly string[] {
  if (moves.length === 0) return []
  const lines = moves.slice(0, SHOWN).map(({ partition, state, reason }) => {
    const why = reason === undefined ? state : `${reason.code}: ${sanitiseLine(reason.text)}`
    return `  ${partition}  ${why}`
  })
  const more = moves.length > SHOWN ? [`  and ${moves.length - SHOWN} more (--json names all)`] : []
  return ['', `${title} (${moves.length})`, ...lines, ...more]
}

/** One line for a debt. */
export function describeDebt({ resource, key, value, before }: ThrottleDebt): string {
  const restore = before === null ? 'nothing stood there before' : `before: ${before}`
  return `  ${resource.type} ${resource.name}  ${key}=${value} (${restore})`
}

/** What came of a run, on one screen. */
export function renderReport(report: ExecutionReport, style: Style): string {
  const { debts, differences } = report
  const lines = [
    head(report, style),
    ...listMoves('Left out', report.skipped),
    ...listMoves('Not finished', report.left),
  ]
  if (differences.length > 0) {
    lines.push('', style.yellow('The cluster differs from the plan'))
    lines.push(...differences.slice(0, SHOWN).map((text) => `  ${sanitiseLine(text)}`))
  }
  if (debts.length > 0) {
    lines.push('', style.yellow('Throttles that could not be given back'))
    lines.push(...debts.map(describeDebt))
  } else if (report.throttleBytesPerSec !== null) {
    lines.push('No throttle is left.')
  }
  lines.push('', `Journal: ${report.journal}`)
  if (report.rollbackFile !== null) lines.push(`Way back: ${report.rollbackFile}`)
  return lines.join('\n')
}

/** The command that goes on where a run left off. */
export function nextCommands(report: ExecutionReport, connection: string): readonly string[] {
  const next: string[] = []
  if (report.left.length > 0) next.push(`klinic reassign resume ${report.planId}${connection}`)
  if (report.debts.length > 0) next.push(`klinic reassign cleanup${connection}`)
  return next
}

/** What is said when the process leaves at once: what goes on without it, and which command comes back to it. */
export function describeLeaving(underWay: number, planId: string, connection: string): string {
  const moves = underWay === 0 ? 'No move is under way.' : `${underWay} moves go on in the cluster.`
  return `${moves} Throttles may be left. Go on with: klinic reassign resume ${planId}${connection}`
}
