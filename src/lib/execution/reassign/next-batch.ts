import { tooLateFor, type Deadline } from './deadline.js'
import { movesThatFit, movesWithRoom } from './disk-gate.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import {
  limitsExceeded,
  pickNextMoves,
  type Candidate,
  type FetchLimits,
  type SparingLimits,
} from './next-moves.js'
import type { Observation } from './observe.js'
import type { RunEnd, RunPorts, RunSettings } from './run-types.js'
import type { ThrottleSteering } from './throttle/auto/steering.js'
import { movesThatEndInTime } from './time-gate.js'
import type { Tracker } from './tracker.js'
import type { Watchdog } from './watchdog.js'

/** What does not fit together is picked anew without that so many times at most. */
const PICKS = 5

interface BatchParts {
  readonly ports: Pick<RunPorts, 'clock'>
  readonly settings: Pick<RunSettings, 'limits'>
  readonly ledger: Ledger
  readonly tracker: Tracker
  readonly steering: Pick<ThrottleSteering, 'reach'> | null
  readonly internalTopics: ReadonlySet<string>
}

/** What may be started now; `end` when nothing may be, and nothing will. */
export interface Batch {
  readonly moves: readonly Move[]
  readonly end: RunEnd | null
}

/** Of what could be started, picks what the limits, the time that is left and the disks have room for. */
export class NextBatch {
  readonly #parts: BatchParts
  readonly #watchdog: Pick<Watchdog, 'noteFullDisk'>
  readonly #deadline: Deadline | null
  #limits: SparingLimits
  /** Steps of which it was said that they exceed a limit by themselves. */
  readonly #told = new Set<number>()

  constructor(
    parts: BatchParts,
    watchdog: Pick<Watchdog, 'noteFullDisk'>,
    deadline: Deadline | null,
  ) {
    this.#parts = parts
    this.#watchdog = watchdog
    this.#deadline = deadline
    this.#limits = parts.settings.limits
  }

  /** From now on no more may come in one piece than this. */
  spare(fetches: FetchLimits): void {
    this.#limits = { ...this.#limits, fetches }
  }

  /** Of moves that are ready, those to start now. */
  async pick(ready: readonly Move[], seen: Observation): Promise<Batch> {
    const { ledger } = this.#parts
    const planned = ready.filter((move) => ledger.statusOf(move) === 'planned')
    const { moves: inTime, end } = await this.#thatEndInTime(planned)
    const toCandidate = (move: Move): Candidate => this.#candidate(move, seen)
    const underWay = ledger.underWay().map(toCandidate)
    const moves = await this.#thatFit(inTime.map(toCandidate), underWay)
    return { moves, end }
  }

  /** What the limits and the disks have room for. What the disks do not leaves its place in the limits to the others. */
  async #thatFit(
    waiting: readonly Candidate[],
    underWay: readonly Candidate[],
  ): Promise<readonly Move[]> {
    const { tracker } = this.#parts
    const busy = underWay.map(({ move }) => move)
    let left = waiting
    let fitting: readonly Candidate[] = []
    for (let pick = 1; pick <= PICKS; pick += 1) {
      const picked = pickNextMoves(left, underWay, this.#limits)
      const moves = picked.map(({ move }) => move)
      fitting = picked
      if (moves.every(({ adding }) => adding.length === 0)) break
      const disks = await tracker.readDisks(moves)
      const taken = new Set(movesThatFit(moves, busy, disks, tracker.forecast()))
      fitting = picked.filter(({ move }) => taken.has(move))
      if (fitting.length === picked.length) break
      const refused = new Set(moves.filter((move) => !taken.has(move)))
      const others = left.filter(({ move }) => !refused.has(move))
      left = pick === 1 ? await this.#withRoom(others, busy) : others
    }
    const held = waiting.length - left.length
    if (held > 0) this.#watchdog.noteFullDisk(held)
    this.#tellExceeded(fitting)
    return fitting.map(({ move }) => move)
  }

  /** One disk is full: what else is to go there need not be picked to be refused. */
  async #withRoom(
    candidates: readonly Candidate[],
    underWay: readonly Move[],
  ): Promise<readonly Candidate[]> {
    const { tracker } = this.#parts
    const moves = candidates.map(({ move }) => move)
    const disks = await tracker.readDisks(moves)
    const withRoom = new Set(movesWithRoom(moves, underWay, disks, tracker.forecast()))
    return candidates.filter(({ move }) => withRoom.has(move))
  }

  #candidate(move: Move, { views }: Observation): Candidate {
    const { internalTopics, tracker } = this.#parts
    const view = views.get(move.key)
    const isBehind = view !== undefined && move.from.some((id) => !view.isr.includes(id))
    return {
      move,
      internal: internalTopics.has(move.topic),
      source: view?.leader ?? null,
      underReplicated: isBehind,
      bytes: tracker.bytesOf(move),
    }
  }

  #tellExceeded(started: readonly Candidate[]): void {
    for (const candidate of started) {
      const { step, key } = candidate.move
      const [exceeded] = limitsExceeded(candidate, this.#limits)
      if (exceeded === undefined || this.#told.has(step)) continue
      this.#told.add(step)
      this.#parts.ledger.note('LIMIT_EXCEEDED', `${key} by itself ${exceeded}: it is moved alone`)
    }
  }

  /** What cannot end before the window does is not begun; when nothing else is left, the run ends early. */
  async #thatEndInTime(planned: readonly Move[]): Promise<Batch> {
    const { ledger, ports, tracker } = this.#parts
    const bytesPerSec = this.#pace()
    const all: Batch = { moves: planned, end: null }
    if (this.#deadline === null || bytesPerSec === null || planned.length === 0) return all
    const disks = await tracker.readDisks(planned)
    const secondsLeft = (this.#deadline.atMs - ports.clock.nowMs()) / 1000
    const underWay = ledger.underWay()
    const moves = movesThatEndInTime(planned, underWay, disks, { secondsLeft, bytesPerSec })
    const isOver = moves.length === 0 && underWay.length === 0
    return { moves, end: isOver ? tooLateFor(planned.length, this.#deadline) : null }
  }

  /**
   * Bytes per second for each broker and direction that a move may be reckoned with: the throttle, what an automatic one may
   * still come to, or without any the fastest that was seen. Null before anything was seen: then nothing is too late.
   */
  #pace(): number | null {
    const { tracker, steering } = this.#parts
    return steering?.reach ?? tracker.figures().throttleBytesPerSec ?? tracker.laneBytesPerSec()
  }
}
