import { indexBrokers } from '../../../model/find-partition.js'
import type { Guard, GuardInput } from './guard.js'

/** Brokers that replicas are on, with how many. */
function replicasByBroker({ snapshot }: GuardInput): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { partitions } of snapshot.topics)
    for (const { replicas } of partitions)
      for (const id of replicas) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/**
 * Brokers that hold replicas and are away, or do not answer, although the plan is not about that: what it was made for is
 * another cluster than this one, and every move takes of the little that is left.
 */
export function guardBrokers(input: GuardInput): readonly Guard[] {
  const { plan, moves, snapshot } = input
  const brokers = indexBrokers(snapshot)
  const leaves = (id: number): boolean =>
    moves.some(({ from, to }) => from.includes(id) && !to.includes(id))
  const missing = [...replicasByBroker(input)]
    .sort(([a], [b]) => a - b)
    .flatMap(([id, replicas]) => {
      const broker = brokers.get(id)
      const isDead = (broker?.state ?? 'dead') === 'dead'
      if (isDead && (plan.kind === 'heal' || leaves(id))) return []
      if (isDead) return [`broker ${id} is away, with ${replicas} replicas`]
      return broker?.unreachable === undefined
        ? []
        : [`broker ${id} does not answer (${broker.unreachable})`]
    })
  if (missing.length === 0) return []
  const message = `${missing.join('; ')}: the plan does not say why`
  return [{ code: 'BROKER_MISSING', message, lift: 'ignore-missing-brokers', exit: 'refused' }]
}
