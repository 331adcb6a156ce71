import type { RestartStep } from '../../plan/plan.js'

/** Brokers that restart at the same time. */
export type Batch = readonly RestartStep[]

/** The batches of a plan, in order. */
export function batchesOf(steps: readonly RestartStep[]): readonly Batch[] {
  const byBatch = new Map<number, RestartStep[]>()
  for (const step of steps) byBatch.set(step.batch, [...(byBatch.get(step.batch) ?? []), step])
  return [...byBatch].toSorted(([a], [b]) => a - b).map(([, members]) => members)
}

const isController = (batch: Batch): boolean => batch.some(({ role }) => role === 'controller')

/**
 * Moves the batch that holds the active controller behind the others: it may have moved since the plan was made. Where
 * controllers come before brokers, or after them, it stays among its kind.
 */
export function postponeController(
  batches: readonly Batch[],
  controller: number | null,
): readonly Batch[] {
  const held = batches.find((batch) => batch.some((step) => step.broker === controller))
  if (held === undefined) return batches
  const others = batches.filter((batch) => batch !== held)
  const last = others.findLastIndex((batch) => isController(batch) === isController(held))
  return [...others.slice(0, last + 1), held, ...others.slice(last + 1)]
}

/** Brokers that an earlier run had begun to stop come first, all together. */
export function interruptedFirst(
  batches: readonly Batch[],
  interrupted: ReadonlyMap<number, unknown> | undefined,
): readonly Batch[] {
  const isInterrupted = (step: RestartStep): boolean => interrupted?.has(step.broker) === true
  const first = batches.flat().filter(isInterrupted)
  const others = batches.map((batch) => batch.filter((step) => !isInterrupted(step)))
  return [first, ...others].filter((batch) => batch.length > 0)
}

/** True when the batch is to be finished before the order is judged anew: it may be down, or it is not well. */
export function isUrgent(
  batch: Batch | undefined,
  interrupted: ReadonlyMap<number, unknown> | undefined,
): boolean {
  return (
    batch?.some(
      (step) => interrupted?.has(step.broker) === true || step.reason.code === 'SICK_FIRST',
    ) === true
  )
}
