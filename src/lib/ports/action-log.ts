import type { Actor } from '../plan/actor.js'
import type { PlanKind } from '../plan/plan.js'
import type { JournalRecord } from './journal.js'

/**
 * One record of the actions topic: a record of a journal, with what it takes to read it without the others. `sequence`
 * is its place in the journal of its execution, from 0: readers order by it, see gaps, and drop what was sent twice.
 */
export interface ActionRecord {
  readonly format: 'klinic.action/1'
  readonly clusterId: string
  readonly executionId: string
  /** Null for a note. */
  readonly planId: string | null
  readonly kind: PlanKind | 'note'
  readonly sequence: number
  /** Who sent it. */
  readonly actor: Actor
  /** What it is about: a partition, `broker 3`, `topic hot`. */
  readonly subject: string | null
  readonly record: JournalRecord
}
