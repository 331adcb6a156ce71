import type { ExitName } from '../../errors/exit-codes.js'
import type { ExecutionEnd } from '../../ports/journal.js'
import type { ThrottleDebt } from './throttle/held.js'

/** A move that is not done, and why. */
export interface OpenMove {
  readonly step: number
  readonly partition: string
  readonly state: string
  readonly reason?: { readonly code: string; readonly text: string }
}

/** What came of a run: the result document of `reassign execute`, `resume` and `cancel`. */
export interface ExecutionReport {
  readonly executionId: string
  readonly planId: string
  readonly clusterId: string
  readonly outcome: ExecutionEnd
  readonly code: string
  readonly message: string
  readonly exit: ExitName
  readonly startedAt: string
  readonly endedAt: string
  readonly moves: { readonly total: number; readonly done: number; readonly undone: number }
  /** Moves that were left out for good. */
  readonly skipped: readonly OpenMove[]
  /** Moves that a resume would go on with. */
  readonly left: readonly OpenMove[]
  readonly bytesCopied: number
  readonly throttleBytesPerSec: number | null
  /** Throttles that could not be given back; every later command reports them. */
  readonly debts: readonly ThrottleDebt[]
  /** What a last look at the cluster found to differ from the plan. */
  readonly differences: readonly string[]
  readonly journal: string
  readonly rollbackFile: string | null
}
