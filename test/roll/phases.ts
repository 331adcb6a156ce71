import { readFileSync } from 'node:fs'

import { readLines } from '../../src/lib/adapters/journal/record-lines.js'
import type { RestartPhase } from '../../src/lib/ports/journal.js'

/** When a broker entered a phase of its restart, by the journal. */
export interface PhaseTime {
  readonly broker: number
  readonly phase: RestartPhase
  readonly atMs: number
}

/** Phases of a roll in the order in which they were written. */
export function readPhases(journalPath: string): readonly PhaseTime[] {
  return readLines(readFileSync(journalPath), journalPath).records.flatMap((record) =>
    record.type === 'restart'
      ? [{ broker: record.broker, phase: record.phase, atMs: Date.parse(record.at) }]
      : [],
  )
}

/** When a broker entered a phase for the first time; NaN when it never did. */
export function timeOf(phases: readonly PhaseTime[], broker: number, phase: RestartPhase): number {
  return phases.find((one) => one.broker === broker && one.phase === phase)?.atMs ?? Number.NaN
}

/** When the journal of a roll was begun. */
export function beganAt(journalPath: string): number {
  const [first] = readLines(readFileSync(journalPath), journalPath).records
  return first === undefined ? Number.NaN : Date.parse(first.at)
}

/** Phase that some broker had entered last at a moment, as `3 starting`. */
export function lastPhaseBefore(phases: readonly PhaseTime[], atMs: number): string {
  const last = phases.findLast((one) => one.atMs <= atMs)
  return last === undefined ? 'before' : `${last.broker} ${last.phase}`
}
