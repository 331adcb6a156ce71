import type { GroupHealth } from '../../health/consumers/judge-group.js'
import type { Clock } from '../../ports/clock.js'
import type { ConsumerHealthSource } from '../../ports/consumer-health.js'

/** kafka_roller's patience: how many passes at most, and how long between two. */
export interface ConsumerPatience {
  readonly retries: number
  readonly waitMs: number
  readonly signal: AbortSignal
  readonly onPass: (pass: number, groups: readonly GroupHealth[]) => void
}

/** The groups after the last pass; `healthy` when all of them were OK in one and the same pass. */
export interface ConsumerVerdict {
  readonly healthy: boolean
  readonly passes: number
  readonly groups: readonly GroupHealth[]
}

/** Asks until all groups are OK in one pass. A group that nobody knows will not appear by waiting: that ends it at once. */
export async function waitForConsumers(
  source: ConsumerHealthSource,
  groupIds: readonly string[],
  clock: Clock,
  patience: ConsumerPatience,
): Promise<ConsumerVerdict> {
  for (let pass = 1; ; pass++) {
    const groups = await source.check(groupIds)
    patience.onPass(pass, groups)
    const healthy = groups.every((group) => group.status === 'OK')
    const hopeless = groups.some((group) => group.status === 'NOTFOUND')
    if (healthy || hopeless || pass >= patience.retries || patience.signal.aborted) {
      return { healthy, passes: pass, groups }
    }
    await clock.sleep(patience.waitMs, patience.signal)
  }
}
