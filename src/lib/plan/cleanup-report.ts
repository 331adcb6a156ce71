import type { ThrottleDebt } from './execution-report.js'
import type { FoundThrottle, MoveInFlight } from './reassign-status.js'

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
  /** Reassignments in flight that no journal explains and that were left. */
  readonly foreignMoves: readonly MoveInFlight[]
  /** Partitions of such reassignments that were taken back (`--foreign`). */
  readonly takenBack: readonly string[]
  /** Why others were not, a sentence each: a person has to decide. */
  readonly stuck: readonly string[]
  readonly removed: readonly FoundThrottle[]
  readonly failures: readonly string[]
}
