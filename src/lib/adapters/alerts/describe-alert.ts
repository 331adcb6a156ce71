import type { AlertMessage } from '../../ports/alerts.js'
import { sanitiseLine } from '../../units/terminal-text.js'

const HEADS = { raised: 'ALERT', repeated: 'STILL', resolved: 'RESOLVED' } as const

/** A message for people: a title of one line, and what there is to say below it. */
export function describeAlert(message: AlertMessage): {
  readonly title: string
  readonly lines: readonly string[]
} {
  const { event, severity, kind, subject, cluster, since, at, nextSteps, host } = message
  const name = cluster.name ?? cluster.id
  const [next, ...others] = event === 'resolved' ? [] : nextSteps
  const until = event === 'resolved' ? ` until ${at}` : ''
  return {
    title: sanitiseLine(`${HEADS[event]} ${name}: ${kind} ${subject}`),
    lines: [
      message.message,
      `${severity}, since ${since}${until}`,
      ...(next === undefined ? [] : [`Try: ${next}`, ...others.map((step) => `     ${step}`)]),
      `klinic on ${host}`,
    ].map(sanitiseLine),
  }
}
