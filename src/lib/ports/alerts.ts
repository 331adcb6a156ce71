import type { AlertCause, AlertEvent, AlertSeverity } from '../model/alert.js'

export type { AlertCause, AlertEvent, AlertSeverity }

/** What a channel delivers: the document of webhooks and of commands, `klinic.alert/1`. */
export interface AlertMessage {
  readonly format: 'klinic.alert/1'
  readonly event: AlertEvent
  readonly cluster: { readonly id: string; readonly name?: string }
  readonly kind: string
  readonly subject: string
  readonly severity: AlertSeverity
  readonly message: string
  readonly nextSteps: readonly string[]
  /** ISO 8601 UTC: when the cause was first noticed. */
  readonly since: string
  /** ISO 8601 UTC: when this message was made. */
  readonly at: string
  /** Cluster id, kind and subject in one: equal for all messages on one cause. */
  readonly key: string
  /** Host of the run that noticed. */
  readonly host: string
}

/** A way to reach people. */
export interface AlertChannel {
  /** `stderr`, `journal`, `webhook`, `slack`, `mail`, `command`: what is remembered is remembered by this name. */
  readonly name: string
  /** Resolves when the other side has taken the message; rejects within the channel's deadline. Retries are its own. */
  deliver(message: AlertMessage): Promise<void>
}
