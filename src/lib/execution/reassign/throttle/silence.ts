/** A broker that nothing throttles holds its moves back for so long at most: one that is really away is dealt with elsewhere. */
const HOLD_BACK_MS = 30_000
/** How often what is silent is asked again: each try may take a time-out. */
const ASK_EVERY_MS = 60_000
/** The same while moves wait for the answer. */
const ASK_SOON_MS = 5_000
/** What was asked and silent so long ago may have answered since, had anybody asked. */
const FORGET_MS = 2 * ASK_EVERY_MS

interface Silent {
  readonly sinceMs: number
  readonly lastMs: number
  readonly askAgainMs: number
  readonly why: string
}

/** Topics and brokers, by resource id, whose throttles could not be read, or set, and when to try again. */
export class Silence {
  readonly #nowMs: () => number
  readonly #silent = new Map<string, Silent>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** It was asked in vain. `isAwaited`: nothing throttles it so far, and moves may wait for it. */
  note(id: string, why: string, isAwaited: boolean): void {
    const nowMs = this.#nowMs()
    const known = this.#silent.get(id)
    const isOld = known === undefined || nowMs - known.lastMs > FORGET_MS
    const sinceMs = isOld ? nowMs : known.sinceMs
    const isUrgent = isAwaited && nowMs - sinceMs < HOLD_BACK_MS
    const askAgainMs = nowMs + (isUrgent ? ASK_SOON_MS : ASK_EVERY_MS)
    this.#silent.set(id, { sinceMs, lastMs: nowMs, askAgainMs, why })
  }

  /** All went well with it. */
  heard(id: string): void {
    this.#silent.delete(id)
  }

  /** Whether it may be asked now. */
  isDue(id: string): boolean {
    return this.#nowMs() >= (this.#silent.get(id)?.askAgainMs ?? 0)
  }

  /** Whether it is silent, and that since so short a time that it is worth waiting for. */
  isRecent(id: string): boolean {
    const known = this.#silent.get(id)
    return known !== undefined && this.#nowMs() - known.sinceMs < HOLD_BACK_MS
  }

  /** Why it is silent; null when it is not. */
  whyOf(id: string): string | null {
    return this.#silent.get(id)?.why ?? null
  }
}
