import type { Snapshot } from '../../model/snapshot.js'
import type { Finding } from '../../plan/plan.js'
import { findStrangers } from '../place/find-strangers.js'
import type { RollFacts } from './roll-facts.js'
import type { RollPolicy } from './roll-policy.js'

/** Ids that were named and that nobody in the cluster has. */
export function findUnknown(
  snapshot: Snapshot,
  policy: RollPolicy,
  facts: RollFacts,
): readonly Finding[] {
  const members = [...snapshot.brokers, ...(facts.controllers ?? [])]
  return findStrangers(members, [...(policy.brokers ?? []), ...policy.exclude])
}

/** A broker that only the inventory knows is missing; where controllers are not known, nobody can tell. */
export function findOnlyInInventory(snapshot: Snapshot, facts: RollFacts): readonly Finding[] {
  const { controllers, inventory = [] } = facts
  if (controllers === undefined && snapshot.cluster.metadata === 'kraft') return []
  const known = new Set([...snapshot.brokers, ...(controllers ?? [])].map(({ id }) => id))
  return inventory
    .filter((id) => !known.has(id))
    .toSorted((a, b) => a - b)
    .map((id) => ({
      code: 'BROKER_MISSING',
      severity: 'blocker',
      subject: `broker ${id}`,
      message: `broker ${id} stands in the inventory and is not in the cluster, so no other may stop`,
      nextSteps: ['klinic cluster check', 'take it out of the inventory when it is gone for good'],
    }))
}
