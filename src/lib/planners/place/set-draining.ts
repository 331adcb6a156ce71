import type { Finding } from '../../model/finding.js'
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

/** Blockers for broker ids that the cluster does not have. */
export function findStrangers(snapshot: Snapshot, brokers: readonly number[]): readonly Finding[] {
  const known = new Set(snapshot.brokers.map(({ id }) => id))
  return brokers
    .filter((id) => !known.has(id))
    .map((id) => ({
      code: 'UNKNOWN_BROKER',
      severity: 'blocker',
      subject: `broker ${id}`,
      message: `there is no broker ${id} in this cluster`,
      nextSteps: ['klinic cluster status'],
    }))
}
