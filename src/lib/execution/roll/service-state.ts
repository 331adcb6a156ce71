/** What a service manager says of a broker's process. */
export interface ServiceState {
  readonly running: boolean
  /** Process id of the broker, when running and told. */
  readonly pid?: number
  /** How the last stop went, where the manager tells (systemd): `timeout` and `signal` mean killed, not stopped. */
  readonly lastResult?: 'success' | 'timeout' | 'signal' | 'failed'
  /** The manager's own words, for messages. */
  readonly text: string
}
