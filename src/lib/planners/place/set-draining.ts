import type { Snapshot } from '../../model/snapshot.js'

/** The snapshot with these brokers draining: alive, but not to be given anything, and not part of any mean. */
export function setDraining(snapshot: Snapshot, brokers: readonly number[]): Snapshot {
  const leaving = new Set(brokers)
  return {
    ...snapshot,
    brokers: snapshot.brokers.map((broker) =>
      leaving.has(broker.id) && broker.state === 'alive'
        ? { ...broker, state: 'draining' }
        : broker,
    ),
  }
}
