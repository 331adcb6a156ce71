/** Time for the shell; the pure rooms take times as arguments. */
export interface Clock {
  /** Milliseconds since 1970; never goes back within a process, so that differences are times that have passed. */
  nowMs(): number
  /** Resolves after `ms`, or at once when the signal is (or becomes) aborted: check `signal.aborted` afterwards. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
