/**
 * Starts the tasks one after another, the next as soon as one has failed or `staggerMs` have passed, and resolves with
 * the first success. When all fail it rejects with an AggregateError of their errors, in the order of the tasks.
 */
export async function firstToSucceed<T>(
  tasks: readonly (() => Promise<T>)[],
  staggerMs: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<T>((resolve, reject) => {
      const errors: unknown[] = []
      let started = 0
      let failed = 0
      const startNext = (): void => {
        clearTimeout(timer)
        const index = started
        const task = tasks[index]
        if (task === undefined) return
        started += 1
        timer = setTimeout(startNext, staggerMs)
        task().then(resolve, (error: unknown) => {
          errors[index] = error
          failed += 1
          if (failed === tasks.length) reject(new AggregateError(errors))
          else startNext()
        })
      }
      startNext()
    })
  } finally {
    clearTimeout(timer)
  }
}
