import type { SentAlert } from '../../coordination/documents.js'
import { alertKey } from '../../coordination/state-keys.js'
import { viewState } from '../../coordination/view-state.js'
import type { RaisedAlert } from '../../model/alert.js'
import type { AlertCause, AlertChannel, AlertMessage } from '../../ports/alerts.js'
import type { Clock } from '../../ports/clock.js'
import type { StateStore } from '../../ports/coordination.js'
import type { JsonValue } from '../../plan/plan.js'
import type { IsOurs } from './owners.js'
import {
  decideAlerts,
  rememberAlerts,
  type AlertSituation,
  type DueAlert,
} from './decide-alerts.js'

/** What alerts are raised with. */
export interface AlertDeps {
  readonly channels: readonly AlertChannel[]
  readonly state: StateStore
  /** The others that were told are left alone, whether they hold or not. */
  readonly isOurs: IsOurs
  readonly clock: Pick<Clock, 'nowMs'>
  readonly cooldownMs: number
  readonly cluster: AlertMessage['cluster']
  readonly host: string
  /** Takes secrets out of every text before it leaves. */
  readonly redact: (text: string) => string
  /** Commands as they have to be typed: with what tells which cluster is meant. */
  readonly completeSteps: (steps: readonly string[]) => readonly string[]
  /** Says on stderr that a channel failed. */
  readonly warn: (text: string) => void
}

type SituationDeps = Pick<AlertDeps, 'channels' | 'state' | 'isOurs' | 'clock' | 'cooldownMs'>

/** What is left as it is though it is not among the causes. */
export interface Keeping {
  /** Alerts that came of an attempt: nothing was attempted this time. */
  readonly attempts?: boolean
}

/** Whether {@link raiseAlerts} would deliver or write anything; writes nothing itself. */
export async function areAlertsDue(
  deps: SituationDeps,
  causes: readonly AlertCause[],
  keeping: Keeping = {},
): Promise<boolean> {
  const situation = await situationOf(deps, causes, keeping)
  return decideAlerts(situation).length > 0 || rememberAlerts(situation, []).size > 0
}

/**
 * Brings every channel up to date with what holds now: `causes` are all of this caller's, not only the new ones; those that
 * are not among them any more are resolved. Channels are independent: one that fails is told on stderr and stays due. What was
 * delivered is remembered before this resolves.
 */
export async function raiseAlerts(
  deps: AlertDeps,
  causes: readonly AlertCause[],
  keeping: Keeping = {},
): Promise<readonly RaisedAlert[]> {
  const situation = await situationOf(
    deps,
    causes.map((cause) => preparedCause(cause, deps)),
    keeping,
  )
  const due = decideAlerts(situation)
  const results = await Promise.all(
    deps.channels.map((channel) =>
      deliverInOrder(
        deps,
        channel,
        due.filter((item) => item.channel === channel.name),
        situation.nowMs,
      ),
    ),
  )
  const delivered = new Set(results.flat())
  const changes = rememberAlerts(situation, [...delivered])
  if (changes.size > 0) await deps.state.write(new Map<string, JsonValue | null>(changes))
  return due.map((item) => ({
    kind: item.cause.kind,
    subject: item.cause.subject,
    event: item.event,
    channel: item.channel,
    delivered: delivered.has(item),
  }))
}

async function situationOf(
  { state, channels, isOurs, clock, cooldownMs }: SituationDeps,
  causes: readonly AlertCause[],
  { attempts = false }: Keeping,
): Promise<AlertSituation> {
  const nowMs = clock.nowMs()
  const named = new Set(causes.map(({ kind, subject }) => alertKey(kind, subject)))
  const isKept = ({ kind, subject, holds, ofAttempt }: SentAlert): boolean =>
    attempts && holds && ofAttempt === true && !named.has(alertKey(kind, subject))
  const told = viewState(await state.read(), nowMs).alerts
  return {
    causes,
    memories: new Map([...told].filter(([, alert]) => isOurs(alert) && !isKept(alert))),
    channels: channels.map(({ name }) => name),
    nowMs,
    cooldownMs,
  }
}

/** After a first failure the rest of a channel's messages wait for the next run: each would wait for the same time-out. */
async function deliverInOrder(
  deps: AlertDeps,
  channel: AlertChannel,
  due: readonly DueAlert[],
  nowMs: number,
): Promise<readonly DueAlert[]> {
  const delivered: DueAlert[] = []
  for (const item of due) {
    try {
      await channel.deliver(messageOf(deps, item, nowMs))
      delivered.push(item)
    } catch (error) {
      const why = deps.redact(error instanceof Error ? error.message : String(error))
      const left = due.length - delivered.length
      deps.warn(
        `alert channel ${channel.name} failed (${why}); ${left} message${left === 1 ? '' : 's'} stay due on it`,
      )
      break
    }
  }
  return delivered
}

/** Before anything is remembered or sent: what is remembered is shown on other hosts. */
function preparedCause(
  cause: AlertCause,
  { redact, completeSteps }: Pick<AlertDeps, 'redact' | 'completeSteps'>,
): AlertCause {
  return {
    ...cause,
    subject: redact(cause.subject),
    message: redact(cause.message),
    nextSteps: completeSteps(cause.nextSteps).map(redact),
  }
}

function messageOf(
  { cluster, host }: AlertDeps,
  { key, event, cause, since }: DueAlert,
  nowMs: number,
): AlertMessage {
  return {
    format: 'klinic.alert/1',
    event,
    cluster,
    kind: cause.kind,
    subject: cause.subject,
    severity: cause.severity,
    message: cause.message,
    nextSteps: cause.nextSteps,
    since,
    at: new Date(nowMs).toISOString(),
    key: `${cluster.id}/${key.slice(key.indexOf('/') + 1)}`,
    host,
  }
}
