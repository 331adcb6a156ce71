import { tooLateFor, type Deadline } from './deadline.js'
import { movesThatFit } from './disk-gate.js'
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
    const { ledger, tracker } = this.#parts
    const underWay = ledger.underWay()
    const planned = ready.filter((move) => ledger.statusOf(move) === 'planned')
    const { moves: inTime, end } = await this.#thatEndInTime(planned)
    const toCandidate = (move: Move): Candidate => this.#candidate(move, seen)
    const picked = pickNextMoves(inTime.map(toCandidate), underWay.map(toCandidate), this.#limits)
    const moves = picked.map(({ move }) => move)
    const isMoving = moves.some(({ adding }) => adding.length > 0)
    if (!isMoving) return { moves, end }
    const disks = await tracker.readDisks(moves)
    const fitting = movesThatFit(moves, underWay, disks, tracker.forecast())
    if (fitting.length < moves.length) this.#watchdog.noteFullDisk(moves.length - fitting.length)
    this.#tellExceeded(picked.filter(({ move }) => fitting.includes(move)))
    return { moves: fitting, end }
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
