import { medianOf, usualGapMs, type CommitPoint, type CommitRun } from './commit-runs.js'
import { lastXAtOrBelow, valueAt, type Curve } from './curve.js'

/**
 * Where a group was reading at a moment of a run. Commits come in jumps, so the position in between is inferred: a group
 * that keeps up reads what is written, hence its position follows the log's end at a small delay; any other moves
 * evenly from commit to commit, and beyond the last one at the pace of the nearest commits, for no longer than its next
 * commit may take.
 */
export interface ReadPace {
  readonly run: CommitRun
  /** Time to log end offset. */
  readonly ends: Curve
  readonly gapMs: number
  readonly stepMs: number
  /** Delay behind the log's end at each jump. */
  readonly delaysMs: readonly number[]
  readonly usualDelayMs: number
  readonly keepsUpWithinMs: number
  readonly fastestPerMs: number
}

/** A commit may be late by this much of a gap before we assume that reading has stopped. */
const LATE_GAPS = 1.25
/** A group that stopped did so somewhere between two commits. */
const STOPPED_AFTER_GAPS = 0.5
/** A group that keeps up is this far behind when it commits: a fetch, the time between readings, and a part of a gap. */
const FETCH_MS = 1000
const KEEPS_UP_GAPS = 0.2
/** Commits on either side that set the pace of a group that does not keep up. */
const PACE_GAPS = 3

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value))

/** What the runs of a group have in common. */
export interface PaceContext {
  /** Time to log end offset. */
  readonly ends: Curve
  /** Usual time between readings. */
  readonly stepMs: number
  /** Of {@link fastestPace}. */
  readonly fastestPerMs: number
}

/** Studies a run once, for any number of {@link positionAt}. */
export function paceOf(run: CommitRun, { ends, stepMs, fastestPerMs }: PaceContext): ReadPace {
  const delaysMs = run.jumps.map((j) => Math.max(0, j.atMs - lastXAtOrBelow(ends, j.offset)))
  const gapMs = usualGapMs(run.jumps) ?? run.toMs - run.fromMs
  const keepsUpWithinMs = 1.5 * stepMs + FETCH_MS + KEEPS_UP_GAPS * gapMs
  const usualDelayMs = medianOf(delaysMs.filter((delay) => delay <= keepsUpWithinMs)) ?? 0
  return { run, ends, gapMs, stepMs, delaysMs, usualDelayMs, keepsUpWithinMs, fastestPerMs }
}

/** Offsets per ms over the given jumps; 0 when there are not two. */
function slopeOf(jumps: readonly CommitPoint[]): number {
  const first = jumps[0]
  const last = jumps.at(-1)
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0
  return (last.offset - first.offset) / (last.atMs - first.atMs)
}

/** For how much of the time since (or before) a commit the group was reading. */
function readingMs({ gapMs, stepMs }: ReadPace, elapsedMs: number): number {
  return elapsedMs <= LATE_GAPS * gapMs + stepMs ? elapsedMs : STOPPED_AFTER_GAPS * gapMs
}

function keepsUpAt(pace: ReadPace, index: number): boolean {
  return (pace.delaysMs[index] ?? Infinity) <= pace.keepsUpWithinMs
}

/** The fastest pace between two commits of the runs, in offsets per ms: how a group reads that was put back. */
export function fastestPace(runs: readonly CommitRun[]): number {
  const paces = runs.flatMap(({ jumps }) =>
    jumps.slice(1).map((_, index) => slopeOf(jumps.slice(index, index + 2))),
  )
  return paces.reduce((fastest, pace) => Math.max(fastest, pace), 0)
}

function beforeFirst(pace: ReadPace, first: CommitPoint, atMs: number): number {
  const { run, ends } = pace
  const low = run.rewound ? 0 : run.startOffset
  const elapsed = readingMs(pace, first.atMs - atMs)
  const slope = run.rewound ? pace.fastestPerMs : slopeOf(run.jumps.slice(0, PACE_GAPS + 1))
  const estimate =
    !run.rewound && keepsUpAt(pace, 0)
      ? valueAt(ends, first.atMs - elapsed - pace.usualDelayMs, 'mean')
      : first.offset - elapsed * slope
  return clamp(estimate, low, first.offset)
}

function afterLast(pace: ReadPace, last: CommitPoint, atMs: number): number {
  const { run, ends } = pace
  const highest = Math.max(last.offset, valueAt(ends, atMs, 'mean'))
  if (keepsUpAt(pace, run.jumps.length - 1)) {
    const somethingToReadMs = Math.max(last.atMs, lastXAtOrBelow(ends, last.offset))
    const sinceMs = Math.max(0, atMs - somethingToReadMs)
    const untilMs = Math.min(atMs, somethingToReadMs + readingMs(pace, sinceMs))
    return clamp(valueAt(ends, untilMs - pace.usualDelayMs, 'mean'), last.offset, highest)
  }
  const elapsed = readingMs(pace, atMs - last.atMs)
  const ahead = last.offset + elapsed * slopeOf(run.jumps.slice(-PACE_GAPS - 1))
  return clamp(ahead, last.offset, highest)
}

function between(pace: ReadPace, index: number, atMs: number): number {
  const before = pace.run.jumps[index - 1]
  const after = pace.run.jumps[index]
  if (before === undefined || after === undefined) return 0
  const share = (atMs - before.atMs) / Math.max(1, after.atMs - before.atMs)
  const evenly = before.offset + share * (after.offset - before.offset)
  const followed = valueAt(pace.ends, atMs - pace.usualDelayMs, 'mean')
  const followsEnd = keepsUpAt(pace, index - 1) && keepsUpAt(pace, index)
  return clamp(followsEnd ? followed : evenly, before.offset, after.offset)
}

/** The offset at which the group was reading at a moment within the run. */
export function positionAt(pace: ReadPace, atMs: number): number {
  const { jumps, startOffset } = pace.run
  const next = jumps.findIndex((jump) => jump.atMs > atMs)
  const first = jumps[0]
  const last = jumps.at(-1)
  if (first === undefined || last === undefined) return startOffset
  if (next === 0) return beforeFirst(pace, first, atMs)
  return next < 0 ? afterLast(pace, last, atMs) : between(pace, next, atMs)
}
