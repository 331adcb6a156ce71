/** Bounds of {@link firstToSucceed}; without them every task gets its turn, and all may run together. */
export interface TurnLimits {
  /** How many may be under way at once. */
  readonly atMost?: number
  /** No task is begun later than so many milliseconds behind the first. */
  readonly startWithinMs?: number
  /** True when the failures so far say that the tasks left would fail as well. */
  readonly isHopeless?: (errors: readonly unknown[]) => boolean
}

/**
 * Starts the tasks one after another, the next as soon as one has failed or `staggerMs` have passed, and resolves with
 * the first success. When all that were started have failed, and none is left to be started, it rejects with an
 * AggregateError of their errors, in the order of the tasks.
 */
export async function firstToSucceed<T>(
  tasks: readonly (() => Promise<T>)[],
  staggerMs: number,
  { atMost = Infinity, startWithinMs = Infinity, isHopeless = () => false }: TurnLimits = {},
): Promise<T> {
  const untilMs = performance.now() + startWithinMs
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  try {
    return await new Promise<T>((resolve, reject) => {
      const errors: unknown[] = []
      let started = 0
      let failed = 0
      const isLast = (): boolean =>
        started === tasks.length ||
        performance.now() >= untilMs ||
        isHopeless(Object.values(errors))
      const startNext = (): void => {
        clearTimeout(timer)
        const task = tasks[started]
        if (task === undefined || isOver || started - failed >= atMost || isLast()) return
        const index = started
        started += 1
        timer = setTimeout(startNext, staggerMs)
        task().then(resolve, (error: unknown) => {
          errors[index] = error
          failed += 1
          startNext()
          if (failed === started) reject(new AggregateError(errors))
        })
      }
      startNext()
      if (started === 0) reject(new AggregateError(errors))
    })
  } finally {
    isOver = true
    clearTimeout(timer)
  }
}
