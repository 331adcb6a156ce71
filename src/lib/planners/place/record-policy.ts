import type { JsonValue } from '../../plan/plan.js'
import type { CapacityPolicy } from './ledger.js'
import type { TargetPolicy } from './pick-target.js'

/** The rules for places as they stand in a plan's policy record. */
export function recordTargets(
  policy: CapacityPolicy & TargetPolicy,
): Readonly<Record<string, JsonValue>> {
  return {
    rackPolicy: policy.rackPolicy,
    limit: policy.limit,
    ...(policy.inLimit === undefined ? {} : { inLimit: policy.inLimit }),
    ...(policy.outLimit === undefined ? {} : { outLimit: policy.outLimit }),
    ...(policy.diskLimit === undefined ? {} : { diskLimit: policy.diskLimit }),
    excludeBrokers: policy.excludeBrokers.toSorted((a, b) => a - b),
    onlyTo: policy.onlyTo.toSorted((a, b) => a - b),
    ignoreCapacity: policy.ignoreCapacity,
    allowFewerRacks: policy.allowFewerRacks,
  }
}
