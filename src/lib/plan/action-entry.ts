import type { JsonValue } from './plan.js'

/** One line of `klinic actions log`: something that was done, or is about to be, in words and as data. */
export interface ActionEntry {
  readonly at: string
  readonly clusterId: string
  readonly user: string
  readonly host: string
  /** `reassign execute balance-1`, `move hot-3`, `maintenance start`. */
  readonly what: string
  /** `done`, `set to 50 MB/s`, `refused: …`. */
  readonly outcome: string
  readonly planId: string | null
  /** Null for a note. */
  readonly executionId: string | null
  /** Place in the journal of the execution, from 0. */
  readonly sequence: number
  readonly subject: string | null
  /** The record itself; of a start the plan's id and kind only. */
  readonly record: JsonValue
}
