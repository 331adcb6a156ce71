import type { AlertChannel, AlertMessage } from '../../ports/alerts.js'
import type { RunProgram } from '../../ports/programs.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import { deliverWithRetries, type DeliveryLimits } from './delivery.js'

/** Runs a program for each message: the message as JSON on its standard input, and in its environment. Exit 0 is a delivery. */
export function openCommand(
  argv: readonly string[],
  limits: DeliveryLimits,
  run: RunProgram,
): AlertChannel {
  return {
    name: 'command',
    deliver: (message) =>
      deliverWithRetries(limits, async () => {
        const result = await run({
          argv,
          env: environmentOf(message),
          stdin: `${JSON.stringify(message)}\n`,
          timeoutMs: limits.timeoutMs,
        })
        if (result.exitCode === 0) return
        const last = result.output.trim().split('\n').at(-1) ?? ''
        throw new Error(sanitiseLine(`${howItEnded(result)}${last === '' ? '' : `: ${last}`}`))
      }),
  }
}

function howItEnded(result: Awaited<ReturnType<RunProgram>>): string {
  if (result.timedOut) return 'it did not end in time'
  if (result.signal !== null) return `it was ended by ${result.signal}`
  return result.exitCode === null ? 'it could not be started' : `it exited ${result.exitCode}`
}

function environmentOf(message: AlertMessage): Readonly<Record<string, string>> {
  return {
    KLINIC_ALERT_EVENT: message.event,
    KLINIC_ALERT_KIND: message.kind,
    KLINIC_ALERT_SUBJECT: sanitiseLine(message.subject),
    KLINIC_ALERT_SEVERITY: message.severity,
    KLINIC_ALERT_MESSAGE: sanitiseLine(message.message),
    KLINIC_ALERT_CLUSTER: message.cluster.name ?? message.cluster.id,
    KLINIC_ALERT_CLUSTER_ID: message.cluster.id,
    KLINIC_ALERT_SINCE: message.since,
    KLINIC_ALERT_KEY: message.key,
  }
}
