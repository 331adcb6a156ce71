import type { ExitName } from '../errors/exit-codes.js'
import type { Reason } from './plan.js'

/** `finished` and `cancelled` are final; the others leave something to resume. */
export type ExecutionEnd = 'finished' | 'cancelled' | 'stopped' | 'interrupted' | 'failed'

/** Where an execution stands, in figures. Bytes count all new replicas. */
export interface ExecutionProgress {
  readonly moves: number
  readonly movesOver: number
  readonly movesUnderWay: number
  readonly bytesCopied: number
  readonly bytesTotal: number
  /** Over the last 30 s; null before it is known. */
  readonly bytesPerSec: number | null
  readonly etaSeconds: number | null
  /** For each broker and direction; null when nothing is throttled. */
  readonly throttleBytesPerSec: number | null
  /** The partitions that are copied now, those with the most to come first. */
  readonly moving?: readonly MovingPartition[]
}

/** How far one partition is; bytes of all its new replicas. */
export interface MovingPartition {
  readonly partition: string
  /** Brokers that get a replica. */
  readonly adding: readonly number[]
  readonly bytesCopied: number
  readonly bytesTotal: number
}

/** A move that is not done, and why. */
export interface OpenMove {
  readonly step: number
  readonly partition: string
  /** A state of the journal, or `planned`. */
  readonly state: string
  readonly reason?: Reason
}

/** A throttle value that could not be given back, for example because its broker was down. */
export interface ThrottleDebt {
  readonly resource: { readonly type: 'topic' | 'broker'; readonly name: string }
  readonly key: string
  /** What stood there before; null for nothing. */
  readonly before: string | null
  readonly value: string
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
  /** Every later command reports them, and `reassign cleanup` pays them. */
  readonly debts: readonly ThrottleDebt[]
  /** Throttles that stay on, because moves under them go on in the cluster; `resume` and `cancel` give them back. */
  readonly kept: readonly ThrottleDebt[]
  /** What a last look at the cluster found to differ from the plan. */
  readonly differences: readonly string[]
  readonly journal: string
  readonly rollbackFile: string | null
}
