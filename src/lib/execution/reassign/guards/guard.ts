import type { ExitName } from '../../../errors/exit-codes.js'
import type { Snapshot } from '../../../model/snapshot.js'
import type { Plan } from '../../../plan/plan.js'
import type { Move } from '../moves.js'

/** Flags that lift a guard; each is recorded in the journal when it was used. */
export const LIFTING_FLAGS = [
  'skip-changed',
  'additional',
  'ignore-disk',
  'ignore-under-replicated',
  'ignore-missing-brokers',
  'ignore-min-isr',
  'ignore-partial-view',
  'adopt-throttles',
  'ignore-windows',
  'ignore-maintenance',
  'accept-edits',
] as const

/** A flag that lifts a guard, without its dashes. */
export type LiftingFlag = (typeof LIFTING_FLAGS)[number]

/** Something that stands in the way of an execution. */
export interface Guard {
  /** Stable, for scripts. */
  readonly code: string
  readonly message: string
  /** The flag that lifts it; null where nothing does. */
  readonly lift: LiftingFlag | null
  readonly exit: ExitName
  /** Partitions that the flag leaves out of the execution. */
  readonly skips?: readonly string[]
}

/** What guards look at: the plan and the cluster as read just now. */
export interface GuardInput {
  readonly plan: Plan
  /** Those that are to be made. */
  readonly moves: readonly Move[]
  /** These too whose partition has the planned list already; without it the same as `moves`. */
  readonly allMoves?: readonly Move[]
  readonly snapshot: Snapshot
}

/** `orders-1, orders-2, orders-3 and 4 more`. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

const DENIED = /^NOT_AUTHORISED$|_AUTHORIZATION_FAILED$/

/** Whether something was not read for want of a right, in our words or in Kafka's. */
export function isDenied({ code }: { readonly code: string }): boolean {
  return DENIED.test(code)
}
