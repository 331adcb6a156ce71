import type { SentAlert, ToldChannel } from '../../coordination/documents.js'
import { alertKey } from '../../coordination/state-keys.js'
import type { AlertCause, AlertEvent } from '../../ports/alerts.js'

/** A message that is due on a channel. */
export interface DueAlert {
  readonly key: string
  readonly channel: string
  readonly event: AlertEvent
  readonly cause: AlertCause
  readonly since: string
}

/** What holds now, and what was told before. */
export interface AlertSituation {
  readonly causes: readonly AlertCause[]
  readonly memories: ReadonlyMap<string, SentAlert>
  readonly channels: readonly string[]
  readonly nowMs: number
  readonly cooldownMs: number
}

/**
 * What one channel is to be told of one cause: once when it begins, again after each cooldown, its end once, and nothing
 * else. A cause that comes back within the cooldown waits for it; one that nobody was told of ends in silence.
 */
export function dueFor(
  memory: ToldChannel | undefined,
  holds: boolean,
  { nowMs, cooldownMs }: Pick<AlertSituation, 'nowMs' | 'cooldownMs'>,
): AlertEvent | null {
  const told = memory?.told === true
  if (!holds) return told ? 'resolved' : null
  const isCool = memory === undefined || nowMs - Date.parse(memory.at) >= cooldownMs
  if (!isCool) return null
  return told ? 'repeated' : 'raised'
}

/** Every message that is due, by key and then in the order of the channels. */
export function decideAlerts(situation: AlertSituation): readonly DueAlert[] {
  const { memories, channels } = situation
  const holding = holdingOf(situation)
  return keysOf(situation).flatMap((key) => {
    const memory = memories.get(key)
    const cause = holding.get(key) ?? (memory === undefined ? null : endOf(memory))
    if (cause === null) return []
    const since = sinceOf(memory, holding.has(key), situation)
    return channels.flatMap((channel): readonly DueAlert[] => {
      const event = dueFor(memory?.channels[channel], holding.has(key), situation)
      return event === null ? [] : [{ key, channel, event, cause, since }]
    })
  })
}

const keyOf = ({ kind, subject }: AlertCause): string => alertKey(kind, subject)

const holdingOf = ({ causes }: AlertSituation): ReadonlyMap<string, AlertCause> =>
  new Map(causes.map((cause) => [keyOf(cause), cause]))

const keysOf = ({ causes, memories }: AlertSituation): readonly string[] =>
  [...new Set([...causes.map(keyOf), ...memories.keys()])].sort()

/** A cause that had ended and is back begins anew; the message of its end tells when it had begun. */
function sinceOf(memory: SentAlert | undefined, holds: boolean, { nowMs }: AlertSituation): string {
  const goesOn = memory !== undefined && (memory.holds || !holds)
  return goesOn ? memory.since : new Date(nowMs).toISOString()
}

function endOf({ kind, subject, severity, message }: SentAlert): AlertCause {
  return { kind, subject, severity, message, nextSteps: [] }
}

/**
 * What is to be remembered after the deliveries: documents that changed, null for those that are to be forgotten. What
 * was not delivered is not remembered as told, so it is due again on the next run.
 */
export function rememberAlerts(
  situation: AlertSituation,
  delivered: readonly DueAlert[],
): ReadonlyMap<string, SentAlert | null> {
  const { memories } = situation
  const holding = holdingOf(situation)
  const changes = new Map<string, SentAlert | null>()
  for (const key of keysOf(situation)) {
    const before = memories.get(key)
    const cause = holding.get(key)
    const channels = channelsAfter(situation, delivered, key)
    const isNews =
      delivered.some((due) => due.key === key) || before?.holds !== (cause !== undefined)
    if (cause === undefined && isForgotten(channels, situation)) changes.set(key, null)
    else if (!isNews) continue
    else if (cause !== undefined) changes.set(key, memoryOf(cause, before, channels, situation))
    else if (before !== undefined) changes.set(key, { ...before, holds: false, channels })
  }
  return changes
}

function memoryOf(
  { kind, subject, severity, message, ofAttempt }: AlertCause,
  before: SentAlert | undefined,
  channels: SentAlert['channels'],
  situation: AlertSituation,
): SentAlert {
  const since = sinceOf(before, true, situation)
  const marked = ofAttempt === true ? { ofAttempt } : {}
  return { kind, subject, severity, message, since, holds: true, ...marked, channels }
}

/** Channels that are no longer configured are dropped: nobody could be told there. */
function channelsAfter(
  { channels, memories, nowMs }: AlertSituation,
  delivered: readonly DueAlert[],
  key: string,
): Readonly<Record<string, ToldChannel>> {
  const at = new Date(nowMs).toISOString()
  const after: Record<string, ToldChannel> = {}
  for (const channel of channels) {
    const was = memories.get(key)?.channels[channel]
    const due = delivered.find((item) => item.key === key && item.channel === channel)
    if (due === undefined) {
      if (was !== undefined) after[channel] = was
    } else if (due.event === 'resolved') {
      after[channel] = { told: false, at: was?.at ?? at }
    } else {
      after[channel] = { told: true, at }
    }
  }
  return after
}

/** Nobody waits for the end of it, and no cooldown keeps it any more. */
function isForgotten(
  channels: Readonly<Record<string, ToldChannel>>,
  { nowMs, cooldownMs }: AlertSituation,
): boolean {
  return Object.values(channels).every(
    ({ told, at }) => !told && nowMs - Date.parse(at) >= cooldownMs,
  )
}
