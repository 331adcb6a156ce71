const SHORTEST_MS = 200
const LONGEST_MS = 2_000
const GROWTH = 1.5
/** An estimate may be wrong for long: looks because of one are no more frequent than this. */
const EXPECTANT_MS = 500

/** Pauses between polls: short while things happen, longer and longer while nothing does. */
export class PollPause {
  #ms = SHORTEST_MS

  /** Something happened: look again soon. */
  reset(): void {
    this.#ms = SHORTEST_MS
  }

  /** The next pause in milliseconds; `atMost`, if it is known, is when something is expected to happen. */
  next(atMost: number | null = null): number {
    const bound = atMost === null ? LONGEST_MS : Math.max(EXPECTANT_MS, atMost)
    const now = Math.min(this.#ms, bound)
    this.#ms = Math.min(LONGEST_MS, this.#ms * GROWTH)
    return now
  }
}
