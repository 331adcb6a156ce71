import type { DrainedPartition } from '../../ports/journal.js'
import { drainLeaders, findHandovers, restoreOrder } from './drain-leaders.js'
import type { ProcessIdentity } from './read-service.js'
import { returnLeaders } from './return-leaders.js'
import { enter, type Turn } from './turn.js'

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
