const FIRST_MS = 500
const LONGEST_MS = 15_000

/** What was refused waits before it is asked for again, longer each time: every try is written to the journal first. */
export class RetryPause {
  readonly #refusals = new Map<number, { readonly count: number; readonly notBeforeMs: number }>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  isDue(step: number): boolean {
    return this.#nowMs() >= (this.#refusals.get(step)?.notBeforeMs ?? 0)
  }

  refused(step: number): void {
    const count = (this.#refusals.get(step)?.count ?? 0) + 1
    const pauseMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1))
    this.#refusals.set(step, { count, notBeforeMs: this.#nowMs() + pauseMs })
  }

  accepted(step: number): void {
    this.#refusals.delete(step)
  }
}
