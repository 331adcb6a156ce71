/** A committed offset as seen in one reading. */
export interface CommitPoint {
  readonly atMs: number
  readonly offset: number
}

/**
 * A stretch in which a group only read forward. `jumps` are the commits that were noticed, each at the middle of the two
 * readings around it; `startOffset` is the oldest known position of the stretch.
 */
export interface CommitRun {
  readonly fromMs: number
  readonly toMs: number
  readonly startOffset: number
  readonly jumps: readonly CommitPoint[]
  /** True when the stretch began with a rewind inside the interval. */
  readonly rewound: boolean
}

/**
 * How long before an ordinary commit showed it a group turned back, in gaps: half a gap on average when the reader itself
 * went back, nothing at all when a tool or a client committed the new position.
 */
const TURNED_BACK_BEFORE_GAPS = 0.35
/** A drop that comes clearly sooner than the next commit was due was made by the rewind itself. */
const SOONER_THAN_DUE = 0.8

/** The middle value (upper one of two); undefined for none. */
export function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

/** Usual time between commits; undefined with fewer than two. */
export function usualGapMs(jumps: readonly CommitPoint[]): number | undefined {
  return medianOf(jumps.slice(1).map((jump, i) => jump.atMs - (jumps[i]?.atMs ?? jump.atMs)))
}

interface OpenRun {
  fromMs: number
  startOffset: number
  jumps: CommitPoint[]
  rewound: boolean
}

/** When the group turned back: at the noticed drop, or a little earlier when the drop came with an ordinary commit. */
function turnedBackAt(previous: readonly CommitPoint[], dropAtMs: number): number {
  const last = previous.at(-1)
  const gap = usualGapMs(previous)
  if (last === undefined || gap === undefined) return dropAtMs
  const elapsed = dropAtMs - last.atMs
  return elapsed < SOONER_THAN_DUE * gap
    ? dropAtMs
    : dropAtMs - TURNED_BACK_BEFORE_GAPS * Math.min(gap, elapsed)
}

/** Splits what one group committed on one partition (oldest first) wherever it turned back. */
export function splitRuns(points: readonly CommitPoint[]): readonly CommitRun[] {
  const [first] = points
  if (first === undefined) return []
  const runs: CommitRun[] = []
  let open: OpenRun = {
    fromMs: first.atMs,
    startOffset: first.offset,
    jumps: [],
    rewound: false,
  }
  let before = first
  for (const point of points.slice(1)) {
    const atMs = (before.atMs + point.atMs) / 2
    if (point.offset < before.offset) {
      const turnMs = turnedBackAt(open.jumps, atMs)
      runs.push({ ...open, toMs: turnMs })
      const jumps = [{ atMs, offset: point.offset }]
      open = { fromMs: turnMs, startOffset: point.offset, jumps, rewound: true }
    } else if (point.offset > before.offset) open.jumps.push({ atMs, offset: point.offset })
    before = point
  }
  runs.push({ ...open, toMs: before.atMs })
  return runs
}
