import type { ActionEntry } from '../../plan/action-entry.js'
import type { JsonValue } from '../../plan/plan.js'
import type { ActionRecord } from '../../ports/action-log.js'
import type {
  EndedRecord,
  JournalRecord,
  NoteRecord,
  ReleaseRecord,
  StartedRecord,
  TakenUpRecord,
  ThrottleRecord,
} from '../../ports/journal.js'
import { formatBytes } from '../../units/format-quantity.js'

interface Words {
  readonly what: string
  readonly outcome: string
}

/** What an operator reads of one action. */
export function describeAction(action: ActionRecord): ActionEntry {
  const { record, actor, clusterId, planId, sequence, subject } = action
  return {
    at: record.at,
    clusterId,
    user: actor.user,
    host: actor.host,
    ...wordsFor(action),
    planId,
    executionId: action.kind === 'note' ? null : action.executionId,
    sequence,
    subject,
    record: withoutSteps(record),
  }
}

/** Whether the action is worth a line of its own when nobody asks for every change of state. */
export function isMilestone({ record }: ActionRecord): boolean {
  if (record.type === 'move') return ['done', 'undone', 'skipped'].includes(record.state)
  if (record.type === 'restart') return ['stopping', 'done', 'failed'].includes(record.phase)
  return true
}

function wordsFor({ record, subject, kind, planId }: ActionRecord): Words {
  const about = subject ?? ''
  switch (record.type) {
    case 'move':
      return { what: `move ${about}`, outcome: withWhy(record.state, record.reason?.text) }
    case 'restart':
      return { what: `restart ${about}`, outcome: withWhy(record.phase, record.message) }
    case 'throttle':
      return { what: `throttle ${about}`, outcome: describeThrottle(record) }
    case 'release':
      return { what: `throttle ${about}`, outcome: describeRelease(record) }
    case 'note':
      return describeNote(record)
    default:
      return wordsForPlan(record, kind === 'roll', planId ?? '')
  }
}

function wordsForPlan(
  record: StartedRecord | TakenUpRecord | EndedRecord,
  isRoll: boolean,
  plan: string,
): Words {
  const topic = isRoll ? 'roll' : 'reassign'
  if (record.type === 'ended') {
    return { what: `end of ${plan}`, outcome: withWhy(record.outcome, record.message) }
  }
  if (record.type === 'taken-up') {
    return { what: `${topic} ${record.verb} ${plan}`, outcome: withReason('taken up', record) }
  }
  return { what: `${topic} ${isRoll ? 'restart' : 'execute'} ${plan}`, outcome: begun(record) }
}

function begun(record: StartedRecord): string {
  const { steps, kind } = record.plan
  return withReason(`begun: ${steps.length} ${kind === 'roll' ? 'brokers' : 'moves'}`, record)
}

const withReason = (text: string, { reason }: StartedRecord | TakenUpRecord): string =>
  reason === undefined ? text : `${text} (${reason})`

const withWhy = (state: string, why: string | undefined): string =>
  why === undefined || why === '' ? state : `${state}: ${why}`

const shortKey = (key: string): string =>
  key.replace('.replication.throttled.', ' ').replace('replicas', 'list')

/** A rate goes up in steps, which stand there all: what counts is where it ends. */
function valueOf(key: string, value: string): string {
  const values = value.split(',').filter((entry) => entry !== '')
  if (key.endsWith('.rate')) return `${formatBytes(Number(values.at(-1)))}/s`
  const entries = values.length
  return `${entries} ${entries === 1 ? 'replica' : 'replicas'}`
}

function describeThrottle({ key, before, mine }: ThrottleRecord): string {
  const was = before === null || before === '' ? 'nothing' : valueOf(key, before)
  return `${shortKey(key)} set to ${valueOf(key, mine)} (was ${was})`
}

function describeRelease({ key, entries, outcome, message }: ReleaseRecord): string {
  const words = { cleared: 'given back', gone: 'was gone already', debt: 'owed' }[outcome]
  return withWhy(`${shortKey(key)} ${valueOf(key, entries)} ${words}`, message)
}

function describeNote({ what, subject, outcome, message }: NoteRecord): Words {
  return { what: `${what} ${subject}`, outcome: withWhy(outcome ?? 'noted', message) }
}

/** A plan of thousands of steps is not a line of a log; its hash tells which one it was. */
function withoutSteps(record: JournalRecord): JsonValue {
  if (record.type !== 'started') return toJson(record)
  const { plan, ...rest } = record
  return toJson({ ...rest, plan: { id: plan.id, kind: plan.kind, steps: plan.steps.length } })
}

const toJson = (value: object): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue
