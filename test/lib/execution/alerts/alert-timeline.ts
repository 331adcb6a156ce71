import type { SentAlert } from '../../../../src/lib/coordination/documents.js'
import {
  decideAlerts,
  rememberAlerts,
  type AlertSituation,
  type DueAlert,
} from '../../../../src/lib/execution/alerts/decide-alerts.js'
import type { AlertCause } from '../../../../src/lib/ports/alerts.js'

export const COOLDOWN_MS = 20 * 60_000
export const START_MS = Date.UTC(2026, 10, 21)

/** A cause as a check would name it. */
export const cause = (kind: string, subject = 'cluster'): AlertCause => ({
  kind,
  subject,
  severity: 'warning',
  message: `${kind} of ${subject}`,
  nextSteps: ['klinic cluster check'],
})

/** One run of cron: when, what holds then, and which channels take nothing that minute. */
export interface Look {
  readonly atMs: number
  readonly causes: readonly AlertCause[]
  readonly broken?: readonly string[]
}

/** What was delivered, in order. */
export interface Told extends DueAlert {
  readonly atMs: number
}

/** Plays runs one after the other over one memory, as the state store keeps it. */
export function play(
  looks: readonly Look[],
  channels: readonly string[] = ['mail'],
): { readonly told: readonly Told[]; readonly memories: ReadonlyMap<string, SentAlert> } {
  const memories = new Map<string, SentAlert>()
  const told: Told[] = []
  for (const { atMs, causes, broken = [] } of looks) {
    const situation: AlertSituation = {
      causes,
      memories: new Map(memories),
      channels,
      nowMs: atMs,
      cooldownMs: COOLDOWN_MS,
    }
    const delivered = decideAlerts(situation).filter(({ channel }) => !broken.includes(channel))
    told.push(...delivered.map((due) => ({ ...due, atMs })))
    for (const [key, memory] of rememberAlerts(situation, delivered)) {
      if (memory === null) memories.delete(key)
      else memories.set(key, memory)
    }
  }
  return { told, memories }
}
