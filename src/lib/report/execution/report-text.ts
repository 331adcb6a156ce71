import type { ExecutionReport, OpenMove, ThrottleDebt } from '../../plan/execution-report.js'
import { formatBytes } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { formatSeconds } from '../../units/format-seconds.js'

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
  const { debts, differences, kept } = report
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
  } else if (report.throttleBytesPerSec !== null && kept.length === 0) {
    lines.push('No throttle is left.')
  }
  if (kept.length > 0) {
    lines.push('', style.yellow('Throttles that stay on while moves go on in the cluster'))
    lines.push(...kept.map(describeDebt))
  }
  lines.push('', `Journal: ${report.journal}`)
  if (report.rollbackFile !== null) lines.push(`Way back: ${report.rollbackFile}`)
  return lines.join('\n')
}

/** The commands that go on where a run left off, take back what it left, and pay what it owes. */
export function nextCommands(report: ExecutionReport, connection: string): readonly string[] {
  const { left, kept, debts, planId, code } = report
  const next: string[] = []
  const isFilling = code === 'DISK_FILLING'
  if (isFilling && kept.length > 0) next.push(`klinic reassign cancel ${planId}${connection}`)
  if (left.length > 0) next.push(`klinic reassign resume ${planId}${connection}`)
  if (kept.length > 0 && !isFilling) next.push(`klinic reassign cancel ${planId}${connection}`)
  if (debts.length > 0) next.push(`klinic reassign cleanup${connection}`)
  if (code === 'ALREADY_OVER') next.push(`klinic reassign rollback ${planId}${connection}`)
  return next
}

/** What a process leaves behind that ends at once. */
export interface Leaving {
  readonly planId: string
  readonly underWay: number
  readonly isThrottled: boolean
  /** The connection flags, as the next command has to repeat them. */
  readonly connection: string
}

/** What is said when the process leaves at once: what goes on without it, and which commands come back to it. */
export function describeLeaving({ planId, underWay, isThrottled, connection }: Leaving): string {
  const throttle = isThrottled ? ', and the throttle stays on brokers and topics' : ''
  const moves =
    underWay === 0
      ? `No move is under way${throttle}.`
      : `${underWay} moves go on in the cluster${isThrottled ? ' under their throttle, which stays on' : ''}; no other is started.`
  return `${moves} Go on with: klinic reassign resume ${planId}${connection}, or take them back with: klinic reassign cancel ${planId}${connection}`
}
