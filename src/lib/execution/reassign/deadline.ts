import { TIME_IS_UP } from './ends.js'
import type { RunEnd, RunSettings } from './run-types.js'

/** When nothing more is started, and how the run ends then. */
export interface Deadline {
  readonly atMs: number
  readonly end: RunEnd
}

/** The end of the time given (`--for`) or of the window (`--until`, klinic.yaml), whichever comes first. */
export function deadlineOf(
  { forMs, until }: Pick<RunSettings, 'forMs' | 'until'>,
  startMs: number,
): Deadline | null {
  const given = forMs === null ? null : { atMs: startMs + forMs, end: TIME_IS_UP }
  const window = until === undefined ? null : { atMs: until.atMs, end: windowEnd(until.reason) }
  if (given === null || window === null) return given ?? window
  return given.atMs <= window.atMs ? given : window
}

function windowEnd(reason: string): RunEnd {
  return {
    outcome: 'stopped',
    exit: 'stoppedHalfWay',
    code: 'WINDOW_CLOSED',
    message: `${reason}; resume goes on with the rest`,
  }
}

/** The same end, reached early: what is left takes longer than the time that is left. */
export function tooLateFor(count: number, { end }: Deadline): RunEnd {
  return {
    ...end,
    message: `${end.message}; ${count} moves that could have been begun would not have ended in time`,
  }
}
