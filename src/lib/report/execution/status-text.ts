import type {
  DamagedJournal,
  FoundThrottle,
  KnownExecution,
  MoveInFlight,
  ReassignStatus,
} from '../../plan/reassign-status.js'
import { formatBytes } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'
import { describeDebt } from './report-text.js'
import { looksLikeOurs, OURS } from './throttle-owner.js'

const list = (ids: readonly number[]): string => `[${ids.join(' ')}]`

const SHOWN = 20

function progressOf({ copiedBytes, totalBytes, waitingFor }: MoveInFlight): string {
  if (waitingFor.length > 0) return `waits for broker ${waitingFor.join(', ')}`
  if (copiedBytes === null || totalBytes === null) return 'unknown'
  const share = totalBytes === 0 ? 100 : Math.floor((100 * copiedBytes) / totalBytes)
  return `${formatBytes(copiedBytes)} of ${formatBytes(totalBytes)} (${share} %)`
}

function flightLines(moves: readonly MoveInFlight[]): readonly string[] {
  const columns = [
    { title: 'PARTITION' },
    { title: 'FROM' },
    { title: 'TO' },
    { title: 'COPIED' },
    { title: 'PLAN' },
  ]
  const rows = moves
    .slice(0, SHOWN)
    .map((move) => [
      move.partition,
      list(move.from),
      list(move.to),
      progressOf(move),
      move.planId ?? 'not of this host',
    ])
  const more = moves.length > SHOWN ? [`  and ${moves.length - SHOWN} more (--json names all)`] : []
  return [renderTable(columns, rows), ...more]
}

function throttleLine(found: FoundThrottle): string {
  const { resource, name, key, value, planId } = found
  const subject = name === '' ? 'all brokers' : `${resource} ${name}`
  const stranger = looksLikeOurs(found) ? OURS : 'not of this host'
  const owner = planId ?? stranger
  return `  ${subject}  ${key}=${sanitiseLine(value)}  (${owner})`
}

function executionLines(execution: KnownExecution): readonly string[] {
  const { planId, running, outcome, moves, by, startedAt } = execution
  const still =
    running === null ? 'not finished (nobody here can tell whether it runs)' : 'broken off'
  const word = running === true ? 'running' : (outcome ?? still)
  const head = `  ${planId}  ${word}, ${moves.done} of ${moves.total} moves done, ${moves.left} left (begun ${startedAt} by ${by.user}@${by.host})`
  return [
    head,
    ...whyLines(execution),
    ...execution.debts.map((debt) => `  debt:${describeDebt(debt)}`),
  ]
}

function whyLines({ reason, takenUp }: KnownExecution): readonly string[] {
  const because = (why: string | undefined): string =>
    why === undefined ? '' : `: ${sanitiseLine(why)}`
  return [
    ...(reason === undefined ? [] : [`    why${because(reason)}`]),
    ...(takenUp === undefined
      ? []
      : [
          `    ${takenUp.verb} ${takenUp.at} by ${takenUp.by.user}@${takenUp.by.host}${because(takenUp.reason)}`,
        ]),
  ]
}

function damagedLines({ path, why }: DamagedJournal): readonly string[] {
  return [
    `  ${sanitiseLine(why)}`,
    `    Its moves and throttles are shown as not of this host. When nothing of it is left: mv ${path} ${path}.damaged`,
  ]
}

/** Everything about reassignments on one screen. */
export function renderReassignStatus(status: ReassignStatus, style: Style): string {
  const { inFlight, throttles, executions, holders, damaged = [], sick = [], warnings } = status
  const lines: string[] = []
  const section = (title: string, body: readonly string[]): void => {
    if (body.length > 0) lines.push(style.bold(title), ...body, '')
  }
  if (inFlight.length === 0) lines.push('No reassignment is in flight.', '')
  else section(`Reassignments in flight (${inFlight.length})`, flightLines(inFlight))
  section(
    `Replication throttles (${throttles.length})`,
    throttles.slice(0, SHOWN).map(throttleLine),
  )
  section(
    'At work now',
    holders.map(
      (one) => `  ${sanitiseLine(`${one.user}@${one.host}  ${one.what}, since ${one.since}`)}`,
    ),
  )
  section('Executions known on this host', executions.flatMap(executionLines))
  section(style.yellow('Journals that cannot be read'), damaged.flatMap(damagedLines))
  section(
    style.yellow('The cluster is sick'),
    sick.map((text) => `  ${sanitiseLine(text)}`),
  )
  section(
    style.yellow('Not everything could be read'),
    warnings.map((text) => `  ${sanitiseLine(text)}`),
  )
  return lines.join('\n').trimEnd()
}

/** Commands that settle what the status shows; before an execution is gone on with that may be running, the lock is looked at. */
export function statusCommands(status: ReassignStatus, connection: string): readonly string[] {
  const left = status.executions.filter(
    ({ outcome }) => outcome !== 'finished' && outcome !== 'cancelled',
  )
  const broken = left.filter(({ running }) => running === false)
  return [
    ...(left.some(({ running }) => running === null) ? [`klinic lock show${connection}`] : []),
    ...broken.flatMap(({ planId }) => [
      `klinic reassign resume ${planId}${connection}`,
      `klinic reassign cancel ${planId}${connection}`,
    ]),
  ]
}
