import type { Move } from '../moves.js'
import { brokersOf } from './entries.js'
import type { LeaseNotes } from './lease-notes.js'
import type { Silence } from './silence.js'

const idOf = (broker: number): string => `broker ${broker}`

/** Live brokers whose rates could not be read, or set: what waits for them, and what is told of it. */
export class SilentBrokers {
  readonly #silence: Silence
  readonly #isRated: (broker: number) => boolean
  readonly #notes: Pick<LeaseNotes, 'awaited' | 'unthrottled'>

  constructor(
    silence: Silence,
    isRated: (broker: number) => boolean,
    notes: Pick<LeaseNotes, 'awaited' | 'unthrottled'>,
  ) {
    this.#silence = silence
    this.#isRated = isRated
    this.#notes = notes
  }

  /** It was asked in vain; one that nothing throttles is asked again sooner. */
  note(broker: number, why: string): void {
    this.#silence.note(idOf(broker), why, !this.#isRated(broker))
  }

  /** It has taken its rate. */
  heard(broker: number): void {
    this.#silence.heard(idOf(broker))
  }

  isDue(broker: number): boolean {
    return this.#silence.isDue(idOf(broker))
  }

  /** Of these, those that may be asked now. */
  due(brokers: ReadonlySet<number>): ReadonlySet<number> {
    return new Set([...brokers].filter((broker) => this.isDue(broker)))
  }

  /**
   * Whether a move is held back: some live broker of it has just been asked in vain, for a short time only, and nothing
   * throttles it. A dead broker copies nothing, so nothing waits for it.
   */
  holdsBack(move: Move, liveBrokers: ReadonlySet<number>): boolean {
    const isAwaited = (id: number): boolean => this.#silence.isRecent(idOf(id)) && !this.isDue(id)
    return brokersOf([move]).some(
      (id) => liveBrokers.has(id) && isAwaited(id) && !this.#isRated(id),
    )
  }

  /** Says which brokers of moves are not throttled, or that moves wait for it where they are `heldBack`. */
  tell(moves: readonly Move[], liveBrokers: ReadonlySet<number>, heldBack: boolean): void {
    for (const broker of brokersOf(moves).filter((id) => liveBrokers.has(id))) {
      const why = this.#silence.whyOf(idOf(broker))
      if (why === null || this.#isRated(broker)) continue
      const isAwaited = heldBack && this.#silence.isRecent(idOf(broker))
      if (isAwaited) this.#notes.awaited(broker, why)
      else this.#notes.unthrottled(broker, why)
    }
  }
}
