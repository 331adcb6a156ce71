import type { ThrottleDebt } from './execution-report.js'
import type { FoundThrottle } from './reassign-status.js'

/** The result document of `reassign cleanup`. */
export interface CleanupReport {
  readonly clusterId: string
  /** Plans whose throttles were given back. */
  readonly cleaned: readonly string[]
  /** Plans with moves in flight: resume or cancel them. */
  readonly blocked: readonly string[]
  /** What is still owed because a broker is away. */
  readonly debts: readonly ThrottleDebt[]
  /** Throttles that no journal of this host explains and that were left. */
  readonly foreign: readonly FoundThrottle[]
  readonly removed: readonly FoundThrottle[]
  readonly failures: readonly string[]
}
