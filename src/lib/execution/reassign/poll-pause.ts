const SHORTEST_MS = 200
const LONGEST_MS = 2_000
const GROWTH = 1.5

/** Pauses between polls: short while things happen, longer and longer while nothing does. */
export class PollPause {
  #ms = SHORTEST_MS

  /** Something happened: look again soon. */
  reset(): void {
    this.#ms = SHORTEST_MS
  }

  /** The next pause in milliseconds. */
  next(): number {
    const now = this.#ms
    this.#ms = Math.min(LONGEST_MS, this.#ms * GROWTH)
    return now
  }
}
