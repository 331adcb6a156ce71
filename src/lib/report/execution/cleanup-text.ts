import type { CleanupReport } from '../../plan/cleanup-report.js'
import type { FoundThrottle, MoveInFlight } from '../../plan/reassign-status.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { describeDebt } from './report-text.js'
import { looksLikeOurs, OURS } from './throttle-owner.js'

const line = (found: FoundThrottle): string => {
  const { resource, name, key, value } = found
  const subject = name === '' ? 'all brokers' : `${resource} ${name}`
  return `  ${subject}  ${key}=${sanitiseLine(value)}${looksLikeOurs(found) ? `  (${OURS})` : ''}`
}

/** Whose a move is, nobody can tell; what it waits for, and where it goes, may remind somebody. */
function describeMove({ partition, from, to, waitingFor }: MoveInFlight): string {
  const waits =
    waitingFor.length === 0 ? '' : `  (cannot end: broker ${waitingFor.join(', ')} is down)`
  return `  ${partition}  [${from.join(' ')}] to [${to.join(' ')}]${waits}`
}

/** What a cleanup did, and what it left and why. */
export function renderCleanup(report: CleanupReport, style: Style): string {
  const { cleaned, blocked, debts, foreign, foreignMoves, removed, failures } = report
  const { takenBack, stuck } = report
  const lines: string[] = []
  const section = (title: string, body: readonly string[]): void => {
    if (body.length > 0) lines.push(title, ...body)
  }
  section(
    'Given back',
    cleaned.map((planId) => `  throttles of plan ${planId}`),
  )
  section(
    'Taken back',
    takenBack.map((partition) => `  ${partition}`),
  )
  section('Removed', removed.map(line))
  section(
    style.yellow(
      'Left, because moves are in flight (resume or cancel first), or nobody can tell whether it runs',
    ),
    blocked.map((planId) => `  plan ${planId}`),
  )
  section(style.yellow('Still owed: the broker is away'), debts.map(describeDebt))
  section(
    style.yellow('Left: no journal of this host explains them (--foreign removes them)'),
    foreign.map(line),
  )
  section(
    style.yellow('In flight, and no journal explains them (--foreign takes them back)'),
    foreignMoves.map(describeMove),
  )
  section(
    style.red('In flight, and not taken back'),
    stuck.map((text) => `  ${sanitiseLine(text)}`),
  )
  section(
    style.red('Failed'),
    failures.map((text) => `  ${sanitiseLine(text)}`),
  )
  return lines.length === 0 ? 'Nothing to clean up.' : lines.join('\n')
}
