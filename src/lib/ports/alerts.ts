/** How much an alert matters. `critical`: data or availability is at stake; `warning`: it will be; `info`: worth knowing. */
export type AlertSeverity = 'critical' | 'warning' | 'info'

/** Something that a person has to know about a cluster, as long as it holds: kind and subject tell it from every other. */
export interface AlertCause {
  /** Stable, upper case with underscores: `UNEXPLAINED_UNDER_REPLICATION`. */
  readonly kind: string
  /** `broker 3`, `orders-7`, `cluster`; must not change while the cause is the same. */
  readonly subject: string
  readonly severity: AlertSeverity
  /** One sentence that names the subject. */
  readonly message: string
  readonly nextSteps: readonly string[]
}

/** `raised` the first time, `repeated` after each cooldown while it holds, `resolved` when it is over. */
export type AlertEvent = 'raised' | 'repeated' | 'resolved'

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
