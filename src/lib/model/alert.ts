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
  /** It came of trying something, not of looking: only another try, or that none is wanted any more, ends it. */
  readonly ofAttempt?: true
}

/** `raised` the first time, `repeated` after each cooldown while it holds, `resolved` when it is over. */
export type AlertEvent = 'raised' | 'repeated' | 'resolved'

/** A message that was due on a channel, and whether it got there. */
export interface RaisedAlert {
  readonly kind: string
  readonly subject: string
  readonly event: AlertEvent
  readonly channel: string
  readonly delivered: boolean
}
