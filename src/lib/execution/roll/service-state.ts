/** What a service manager says of a broker's process. */
export interface ServiceState {
  readonly running: boolean
  /** True when the answer says neither that it runs nor that it does not: then nothing may be concluded from it. */
  readonly unknown?: true
  /** Process id of the broker, when running and told. */
  readonly pid?: number
  /** How the last stop went, where the manager tells (systemd): `timeout` and `signal` mean killed, not stopped. */
  readonly lastResult?: 'success' | 'timeout' | 'signal' | 'failed'
  /** After how long the manager kills what does not stop, where it tells (systemd). */
  readonly stopTimeoutMs?: number
  /** The manager's own words, for messages. */
  readonly text: string
}
