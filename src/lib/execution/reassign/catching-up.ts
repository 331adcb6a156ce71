import { spreadOverLanes } from './lanes.js'
import type { Move } from './moves.js'
import type { CopiedBytes } from './progress.js'

/** What is left has to shrink within this long. Quotas let bytes through in lumps, and producers write in bursts. */
const WINDOW_MS = 90_000
/** What one fetch brings of a partition: less than that may be left of a move for as long as clients write to it. */
const FETCH_BYTES = 1_048_576
/** Disks of two brokers are not read at the same moment: what is written in this long may seem to be left. */
const SKEW_SECONDS = 5

/** A move whose partition grows at least as fast as it is copied: by waiting it never ends. Bytes per second. */
export interface LaggingMove {
  readonly move: Move
  /** What clients write to the partition. */
  readonly growsBytesPerSec: number
  /** What arrives at each new replica. */
  readonly copiedBytesPerSec: number
  /** What counts against the rate of its leader: all that moves beside it copy, and what its followers in sync fetch. */
  readonly sentBytesPerSec: number
  /** Followers that are in sync, and fetch from the leader what clients write. */
  readonly followersInSync: number
}

interface Point {
  readonly atMs: number
  readonly copied: number
  readonly total: number
}

interface Course {
  readonly windowAtMs: number
  /** The least that was left in this window, and in the one before. */
  readonly least: number
  readonly before: number
  readonly progressAtMs: number
  /** Where the window before began, and this one: rates are over both. */
  readonly earlier: Point
  readonly begin: Point
  readonly last: Point
}

const leftOf = ({ copied, total }: Pick<Point, 'copied' | 'total'>): number => total - copied

/** What has to be gained to count: readings of partitions that stand still differ a little. */
const worthwhile = (left: number): number => Math.min(FETCH_BYTES, left / 100)

/**
 * Follows what is left of each move while its partition is written to. Bytes copied say nothing: they grow for ever where the
 * partition grows faster. A move gets on when less is left than at any time of the window before.
 */
export class CatchingUp {
  readonly #windowMs: number
  readonly #courses = new Map<number, Course>()

  /** `stallMs`: how long nothing may get on before the run gives up. Three windows fit into it. */
  constructor(stallMs: number) {
    this.#windowMs = Math.min(WINDOW_MS, stallMs / 3)
  }

  /** Takes a reading of one move in. */
  note(
    { step }: Move,
    { copied, total }: Pick<CopiedBytes, 'copied' | 'total'>,
    atMs: number,
  ): void {
    const point = { atMs, copied, total }
    const left = leftOf(point)
    const known = this.#courses.get(step)
    if (known === undefined) {
      const start = { windowAtMs: atMs, least: left, before: left, progressAtMs: atMs }
      this.#courses.set(step, { ...start, earlier: point, begin: point, last: point })
      return
    }
    const isOver = atMs - known.windowAtMs >= this.#windowMs
    const window = isOver
      ? { windowAtMs: atMs, least: left, before: known.least, earlier: known.begin, begin: point }
      : { least: Math.min(known.least, left) }
    const next = { ...known, ...window, last: point }
    const getsOn = left < next.before - worthwhile(next.before)
    this.#courses.set(step, getsOn ? { ...next, progressAtMs: atMs } : next)
  }

  /** When one of these moves last got on; 0 before anything was read of them. */
  lastProgressMs(moves: readonly Move[]): number {
    return Math.max(0, ...moves.map(({ step }) => this.#courses.get(step)?.progressAtMs ?? 0))
  }

  /**
   * Of the moves under way, those that never end at this rate. One that shares its brokers with others that get on waits for
   * its turn, unless its partition alone needs more than the throttle, or than an automatic one may come to.
   */
  lagging(
    underWay: readonly Move[],
    mostBytesPerSec: number | null,
    followersInSync: (move: Move) => number,
  ): readonly LaggingMove[] {
    const copying = underWay.filter(({ adding }) => adding.length > 0)
    return copying.flatMap((move) => {
      const course = this.#courses.get(move.step)
      if (course === undefined || this.#getsOn(course)) return []
      const [growsBytesPerSec, copiedBytesPerSec] = ratesOf(course, move)
      const nearly = FETCH_BYTES + growsBytesPerSec * SKEW_SECONDS
      const isNearlyThere = leftOf(course.last) <= move.adding.length * nearly
      if (isNearlyThere || growsBytesPerSec <= 0 || growsBytesPerSec < copiedBytesPerSec) return []
      const beside = copying.filter((other) => shareALane(move, other))
      const followers = followersInSync(move)
      const needed = throttleNeeded(move, growsBytesPerSec, followers)
      const isOutgrown = mostBytesPerSec !== null && needed >= mostBytesPerSec
      if (!isOutgrown && beside.some(({ step }) => this.#getsOn(this.#courses.get(step)))) return []
      const copied = beside.reduce((sum, other) => sum + this.#copiedPerSec(other), 0)
      const sentBytesPerSec = copied + growsBytesPerSec * followers
      const rates = { growsBytesPerSec, copiedBytesPerSec, sentBytesPerSec }
      return [{ move, ...rates, followersInSync: followers }]
    })
  }

  /** To all new replicas of a move. */
  #copiedPerSec(move: Move): number {
    const course = this.#courses.get(move.step)
    return course === undefined ? 0 : ratesOf(course, move)[1] * move.adding.length
  }

  #getsOn(course: Course | undefined): boolean {
    return course === undefined || course.last.atMs - course.progressAtMs < this.#windowMs
  }
}

/**
 * A throttle under which a partition that clients write to can be copied is above this: its leader sends what is written to
 * each new replica and to each follower in sync (all of them, where nothing is said of it), and Kafka counts all of it, though
 * it holds up the new ones only.
 */
export function throttleNeeded(
  { from, adding }: Move,
  bytesInPerSec: number,
  followersInSync: number = Math.max(0, from.length - 1),
): number {
  return bytesInPerSec * (followersInSync + adding.length)
}

/** What each new replica should have got and did get, bytes per second. */
function ratesOf({ earlier, last }: Course, { adding }: Move): readonly [number, number] {
  const seconds = (Math.max(1, last.atMs - earlier.atMs) / 1000) * adding.length
  return [(last.total - earlier.total) / seconds, (last.copied - earlier.copied) / seconds]
}

function shareALane(one: Move, other: Move): boolean {
  const lanesOf = (move: Move): readonly string[] =>
    spreadOverLanes(move, 1, move.from[0] ?? null).map(([lane]) => lane)
  const lanes = lanesOf(one)
  return lanesOf(other).some((lane) => lanes.includes(lane))
}
