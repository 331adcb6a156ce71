/** Time for the shell; the pure rooms take times as arguments. */
export interface Clock {
  nowMs(): number
  /** Resolves after `ms`, or at once when the signal is (or becomes) aborted: check `signal.aborted` afterwards. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
