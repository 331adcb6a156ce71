import { MINIMUM_RATE } from './entries.js'

/**
 * A broker's quota is a sum over about so long (11 samples of 1 s): what is free in it passes at the speed of the link.
 * A rate that is set at once lets a burst of eleven seconds' worth through, and, as the quota empties together, another one
 * every eleven seconds.
 */
const QUOTA_WINDOW_MS = 11_000
/** A rise goes by steps of about this share of where it goes: each of them is a config change. */
const STEP = 1 / 11

/** Where the rate of a broker comes from, since when, and where it goes. */
interface Rise {
  readonly from: number
  readonly sinceMs: number
  readonly to: number
}

/**
 * The rates of a rise from a moment on, that of the moment first: in even steps upwards, over the time that the quota sums
 * up; downwards at once.
 */
function ratesFrom({ from, sinceMs, to }: Rise, nowMs: number): readonly number[] {
  if (to <= from) return [to]
  const steps = Math.ceil((to - from) / (to * STEP))
  const stepMs = QUOTA_WINDOW_MS / steps
  const taken = Math.min(steps, Math.floor(Math.max(0, nowMs - sinceMs) / stepMs) + 1)
  const rateAfter = (step: number): number => {
    const rate = step === steps ? to : from + ((to - from) * step) / steps
    return Math.min(to, Math.max(MINIMUM_RATE, rate))
  }
  const coming = Array.from({ length: steps - taken + 1 }, (_, index) => rateAfter(taken + index))
  return [...new Set(coming)]
}

const rateAt = (rise: Rise, nowMs: number): number => ratesFrom(rise, nowMs)[0] ?? rise.to

/** Rates of brokers on their way to one that is wanted, so that an even stream passes and no bursts. */
export class RisingRates {
  readonly #nowMs: () => number
  readonly #rises = new Map<number, Rise>()
  readonly #standing = new Map<number, number>()
  #aim: number

  constructor(aim: number, nowMs: () => number) {
    this.#aim = aim
    this.#nowMs = nowMs
  }

  /** The rate that a broker shall have now, and those that follow. */
  ratesOf(broker: number): readonly number[] {
    return ratesFrom(this.#riseOf(broker), this.#nowMs())
  }

  /** A broker has got the first of its rates: from now on the others follow, where they would have run out unset before. */
  begins(broker: number): void {
    this.#rises.set(broker, this.#riseOf(broker))
  }

  #riseOf(broker: number): Rise {
    const from = this.#standing.get(broker) ?? 0
    return this.#rises.get(broker) ?? { from, sinceMs: this.#nowMs(), to: this.#aim }
  }

  /** A broker has had a rate before this process began: it goes on from there. */
  stands(broker: number, rate: number): void {
    this.#standing.set(broker, rate)
  }

  /** All brokers go to another rate from where they are. */
  aimAt(rate: number): void {
    const nowMs = this.#nowMs()
    this.#aim = rate
    for (const [broker, rise] of this.#rises) {
      this.#rises.set(broker, { from: rateAt(rise, nowMs), sinceMs: nowMs, to: rate })
    }
  }

  /** Whether some broker that has begun to rise is not where it goes to. */
  get isRising(): boolean {
    const nowMs = this.#nowMs()
    return [...this.#rises.values()].some((rise) => rateAt(rise, nowMs) < rise.to)
  }
}
