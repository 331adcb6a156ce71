import type { Reason } from '../../plan/plan.js'
import { formatBytes } from '../../units/format-quantity.js'
import type { FillingDisk } from './disk-gate.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import type { Observation } from './observe.js'
import type { RunEnd, RunPorts, RunSettings } from './run-types.js'
import { TakeBack } from './take-back.js'
import type { Tracker } from './tracker.js'

/** Why a move was taken back by a run itself. */
export const DISK_FILLING = 'DISK_FILLING'

const REASON: Reason = {
  code: DISK_FILLING,
  text: 'taken back, because it would have filled the disk of its target',
}

/** What clients write varies, and deletion frees room in lumps: a forecast counts once it has held for this long. */
const LASTING_MS = 60_000

/** What a broker says of its disk once, it may have said in the middle of something: it counts when it says so again. */
interface Suspicion {
  readonly sinceMs: number
  /** The reading that told of it first. */
  readonly readAtMs: number
  /** The reading that said first that there is no room at all; null while none does. */
  readonly certainAtMs: number | null
}

/** Whether a run itself takes, or has taken, the move back. */
export function isRescued(ledger: Ledger, move: Move): boolean {
  return ledger.reasonOf(move)?.code === DISK_FILLING
}

interface RescueParts {
  readonly ports: RunPorts
  readonly settings: Pick<RunSettings, 'patienceMs'>
  readonly ledger: Ledger
  readonly tracker: Pick<Tracker, 'fillingDisks' | 'readAtMs'>
}

/**
 * Keeps moves under way from filling a disk. Copies go on by themselves, with or without us, until the disk is full and its
 * broker dies of it, so those onto that disk are taken back, as far as that is safe.
 */
export class DiskRescue {
  readonly #parts: RescueParts
  readonly #takeBack: TakeBack
  readonly #steps: Set<number>
  readonly #suspected = new Map<number, Suspicion>()
  #begunAtMs: number | null = null
  #end: RunEnd | null = null

  constructor(parts: RescueParts) {
    this.#parts = parts
    const { ports, ledger } = parts
    this.#takeBack = new TakeBack({ ports, ledger, reason: REASON })
    const begun = ledger.underWay().filter((move) => isRescued(ledger, move))
    this.#steps = new Set(begun.map(({ step }) => step))
    if (begun.length === 0) return
    this.#begunAtMs = ports.clock.nowMs()
    this.#end = endWith(`${begun.length} moves were being taken back before they filled a disk`)
  }

  /** Why nothing more is started; null while no disk fills up. */
  get end(): RunEnd | null {
    return this.#end
  }

  /** Whether the move is being taken back, and is nobody else's to judge. */
  takesBack({ step }: Move): boolean {
    return this.#steps.has(step)
  }

  /** Finds disks that fill up, by what was read last. To be called before the cluster is looked at. */
  async look(): Promise<void> {
    const { ledger, tracker } = this.#parts
    const others = ledger.underWay().filter((move) => !this.takesBack(move))
    const filling = this.#lasting(tracker.fillingDisks(others))
    if (filling.length > 0) this.#begin(filling)
    const moves = this.#moves()
    if (moves.length > 0) await this.#takeBack.learn(moves)
  }

  /** Goes on taking moves back; returns whether anything was sent. */
  async round(seen: Observation): Promise<boolean> {
    const moves = this.#moves()
    return moves.length > 0 && this.#takeBack.round(moves, seen)
  }

  /**
   * The end of a run that has waited long enough for moves to be taken back, with nothing else in flight; null to go on. Their
   * throttle stays. `unsent`: steps of which nothing is in flight, and nothing will be.
   */
  givesUp(unsent: ReadonlySet<number>): RunEnd | null {
    const { ledger, ports, settings } = this.#parts
    const others = ledger.underWay().filter((move) => !this.takesBack(move))
    if (others.some(({ step }) => !unsent.has(step))) return null
    const left = this.#moves()
    const since = this.#begunAtMs
    if (this.#end === null || since === null || left.length === 0) return null
    if (ports.clock.nowMs() - since <= settings.patienceMs) return null
    const some = left.slice(0, 3).map(({ key }) => key)
    const why = this.#takeBack.refusal ?? 'Kafka has not ended them yet'
    const message = `${this.#end.message}; ${left.length} moves could not be taken back (${some.join(', ')}) and go on under their throttle: ${why}`
    return { ...this.#end, message }
  }

  #moves(): readonly Move[] {
    return this.#parts.ledger.underWay().filter((move) => this.takesBack(move))
  }

  #lasting(filling: readonly FillingDisk[]): readonly FillingDisk[] {
    const now = this.#parts.ports.clock.nowMs()
    const { readAtMs } = this.#parts.tracker
    const brokers = new Set(filling.map(({ broker }) => broker))
    for (const broker of [...this.#suspected.keys()])
      if (!brokers.has(broker)) this.#suspected.delete(broker)
    return filling.filter(({ broker, isCertain }) => {
      const { sinceMs, ...first } = this.#suspected.get(broker) ?? {
        sinceMs: now,
        readAtMs,
        certainAtMs: null,
      }
      const certainAtMs = isCertain ? (first.certainAtMs ?? readAtMs) : null
      this.#suspected.set(broker, { sinceMs, readAtMs: first.readAtMs, certainAtMs })
      if (certainAtMs !== null && readAtMs > certainAtMs) return true
      return now - sinceMs >= LASTING_MS && readAtMs > first.readAtMs
    })
  }

  #begin(filling: readonly FillingDisk[]): void {
    const { ledger, ports } = this.#parts
    for (const { steps } of filling) for (const step of steps) this.#steps.add(step)
    this.#begunAtMs = ports.clock.nowMs()
    const told = filling.map(
      ({ broker, usable, coming }) =>
        `broker ${broker} has ${formatBytes(usable)} left and gets ${formatBytes(coming)} more`,
    )
    const text = `${told.join(', ')}: a full disk kills its broker, so what is in flight to it is taken back`
    this.#end = endWith(text)
    ledger.note(DISK_FILLING, text)
  }
}

const endWith = (text: string): RunEnd => ({
  outcome: 'stopped',
  exit: 'needsPerson',
  code: DISK_FILLING,
  message: `${text}; make room, then resume with the rest, or plan anew`,
})
