import { indexBrokers } from '../../model/find-partition.js'
import type { Snapshot } from '../../model/snapshot.js'
import { holdingsOf, NO_HOLDINGS } from './holdings.js'
import { judgeBroker, type JudgedBroker } from './judge-broker.js'

/** How long a broker must be away before it counts as dead, where nothing else is said. */
export const DEFAULT_MIN_DEAD_FOR_MS = 600_000

/** The verdict on every broker of a snapshot, by id, at the moment it was taken. */
export function judgeBrokers(
  snapshot: Snapshot,
  minDeadForMs = DEFAULT_MIN_DEAD_FOR_MS,
): ReadonlyMap<number, JudgedBroker> {
  const holdings = holdingsOf(snapshot, indexBrokers(snapshot))
  const options = { nowMs: Date.parse(snapshot.capturedAt), minDeadForMs }
  return new Map(
    snapshot.brokers.map((broker) => [
      broker.id,
      judgeBroker(broker, holdings.get(broker.id) ?? NO_HOLDINGS, options),
    ]),
  )
}
