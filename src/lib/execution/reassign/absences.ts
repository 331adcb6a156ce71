/** A topic must have been away this long before its moves are given up: one broker may not know it yet. */
const GONE_AFTER_MS = 3_000

/** Remembers since when partitions are missing from what brokers say: one answer that leaves them out proves nothing. */
export class Absences {
  readonly #sinceMs = new Map<string, number>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** Whether a partition that the cluster does not show has been away for long enough to believe it. */
  isGone(key: string): boolean {
    const since = this.#sinceMs.get(key) ?? this.#nowMs()
    this.#sinceMs.set(key, since)
    return this.#nowMs() - since >= GONE_AFTER_MS
  }

  isThere(key: string): void {
    this.#sinceMs.delete(key)
  }
}
