import type { Actor } from './actor.js'
import type { ExecutionEnd, ThrottleDebt } from './execution-report.js'

/** A reassignment in flight, whoever started it. */
export interface MoveInFlight {
  readonly partition: string
  /** Replicas before the move: those that are not being added. */
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** Bytes on the new replicas so far, and what they will hold; null where brokers do not tell. */
  readonly copiedBytes: number | null
  readonly totalBytes: number | null
  /** New replicas on brokers that are not alive: the move cannot end. */
  readonly waitingFor: readonly number[]
  /** Plan of a journal of this host that the move belongs to. */
  readonly planId: string | null
}

/** A throttle on the cluster, and the plan of a journal of this host that set it. */
export interface FoundThrottle {
  readonly resource: 'broker' | 'topic'
  readonly name: string
  readonly key: string
  readonly value: string
  readonly planId: string | null
}

/** An execution that this host knows of. */
export interface KnownExecution {
  readonly planId: string
  readonly startedAt: string
  readonly by: Actor
  /** Why, as `--reason` had it. */
  readonly reason?: string
  /** Who went on with it last, or took it back, and why. */
  readonly takenUp?: {
    readonly verb: 'resume' | 'cancel' | 'cleanup'
    readonly at: string
    readonly by: Actor
    readonly reason?: string
  }
  /** True while its process holds the cluster, on whichever host; null where the lock could not be asked, or does not tell. */
  readonly running: boolean | null
  readonly outcome: ExecutionEnd | null
  readonly moves: {
    readonly total: number
    readonly done: number
    readonly left: number
    readonly skipped: number
  }
  readonly debts: readonly ThrottleDebt[]
  readonly journal: string
}

/** A journal that cannot be read; other plans are carried out all the same. */
export interface DamagedJournal {
  readonly path: string
  readonly why: string
}

/** The result document of `reassign status`. */
export interface ReassignStatus {
  readonly clusterId: string
  readonly at: string
  readonly inFlight: readonly MoveInFlight[]
  readonly throttles: readonly FoundThrottle[]
  /** Executions that are running, unfinished or in debt, and the last one that finished. */
  readonly executions: readonly KnownExecution[]
  /** Who has the lock of this host and of all hosts, and what for; empty when nobody does. */
  readonly holders: readonly (Actor & { readonly since: string; readonly what: string })[]
  /** Partitions without a leader or with too few replicas in sync, one sentence each. */
  readonly sick?: readonly string[]
  /** Journals that cannot be read, with why: what was done under them, nobody can tell. */
  readonly damaged?: readonly DamagedJournal[]
  /** What could not be read, one sentence each. */
  readonly warnings: readonly string[]
}
