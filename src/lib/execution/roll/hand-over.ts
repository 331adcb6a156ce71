import type { DrainedPartition } from '../../ports/journal.js'
import { drainLeaders, findHandovers, restoreOrder } from './drain-leaders.js'
import type { ProcessIdentity } from './read-service.js'
import { returnLeaders } from './return-leaders.js'
import { enter, type Turn } from './turn.js'

/** How long the other brokers may take to tell of the new leaders, and clients to find them. */
const TOLD_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 250
const CLIENTS_FIND_MS = 1_000

/**
 * A stop right behind the election would meet clients that still ask the old leader whom to turn to: they would wait for both.
 * So every broker that is asked has to name the new leaders first, and clients get the time of a retry.
 */
async function untilClientsMoved({ deps, job }: Turn): Promise<void> {
  const untilMs = deps.clock.nowMs() + TOLD_WITHIN_MS
  const { broker } = job.step
  while (deps.clock.nowMs() < untilMs) {
    const samples = await deps.sample(job.together)
    const left = samples.flatMap((sample) => findHandovers(sample, broker, job.together))
    if (samples.length > 0 && left.length === 0) break
    await deps.clock.sleep(LOOK_EVERY_MS)
  }
  await deps.clock.sleep(CLIENTS_FIND_MS)
}

/** Hands leadership over before the stop where that was asked for; what an earlier run changed counts too. */
export async function drain(
  turn: Turn,
  process: ProcessIdentity | null,
): Promise<readonly DrainedPartition[]> {
  const { deps, options, job } = turn
  const earlier = job.drained ?? []
  if (!options.drain) return earlier
  const { broker } = job.step
  const [snapshot] = await deps.sample(job.together)
  if (snapshot === undefined) return earlier
  const handovers = findHandovers(snapshot, broker, job.together)
  let all = earlier
  const record = (now: readonly DrainedPartition[]): Promise<void> => {
    all = [...earlier, ...now]
    return enter(turn, 'draining', { drained: all, ...(process === null ? {} : { process }) })
  }
  await drainLeaders(deps, handovers, record, broker)
  if (handovers.length > 0) await untilClientsMoved(turn)
  return all
}

/** Order of replica lists first, then the leaders that it makes preferred. */
export async function giveBack(turn: Turn, drained: readonly DrainedPartition[]): Promise<void> {
  const { deps, options, job } = turn
  const look = () => deps.sample(job.together)
  if (drained.length > 0) {
    const [snapshot] = await look()
    if (snapshot !== undefined) await restoreOrder(deps, snapshot, drained, job.step.broker)
  }
  if (!options.electLeaders) return
  const [snapshot] = await look()
  if (snapshot !== undefined) await returnLeaders(deps, snapshot, job.step.broker)
}
