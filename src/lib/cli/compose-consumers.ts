import type { Clock } from '../ports/clock.js'
import type { ConsumerHealthSource } from '../ports/consumer-health.js'
import type { ReadContext } from './read-context.js'

/** Whom to ask about consumers: Burrow where its address is given, else the cluster itself. */
export interface ConsumerSourceChoice {
  readonly burrow?: string | undefined
  /** Share (0 to 1) of Burrow's window that must be filled before its OK counts. */
  readonly minComplete: number
  readonly windowMs: number
}

const LOOK_EVERY_MS = 5_000

/** Hands `use` a source of consumer health; a connection to the cluster is opened only when Burrow is not asked. */
export async function withConsumerSource<T>(
  choice: ConsumerSourceChoice,
  openContext: () => Promise<ReadContext>,
  use: (source: ConsumerHealthSource, clock: Clock) => Promise<T>,
): Promise<T> {
  if (choice.burrow !== undefined) {
    const { openBurrow } = await import('../adapters/burrow/open-burrow.js')
    const { systemClock } = await import('../adapters/system/clock.js')
    return use(openBurrow(choice.burrow, { minComplete: choice.minComplete }), systemClock)
  }
  const { watchConsumers } = await import('../reading/consumers/watch-consumers.js')
  const context = await openContext()
  const everyMs = Math.min(LOOK_EVERY_MS, Math.max(1_000, choice.windowMs / 3))
  return context.withReader((reader) =>
    use(
      watchConsumers(reader, context.clock, { windowMs: choice.windowMs, everyMs }),
      context.clock,
    ),
  )
}
