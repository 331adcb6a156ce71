import type { CapacityPolicy } from '../place/ledger.js'
import type { TargetPolicy } from '../place/pick-target.js'

/** What `heal plan` is asked for. */
export interface HealPolicy extends CapacityPolicy, TargetPolicy {
  /** Heal what dead brokers and failed log dirs explain, also when something else is not explained. */
  readonly onlyConfident: boolean
  /** Plan for the partitions that have a place, also when others have none. */
  readonly allowPartial: boolean
  /** Take a broker that hangs for longer than the minimum time for a dead one. */
  readonly treatHungAsDead: boolean
  /** More dead brokers than this are a network problem; default one, or 10 % of the brokers. */
  readonly maxDead?: number
  /** A broker counts as dead when it is away for this long. */
  readonly minDeadForMs: number
  /** Partitions below this replication factor are raised to it. */
  readonly minReplicationFactor?: number
}

/** All or nothing, racks spread, ten minutes. */
export const DEFAULT_HEAL_POLICY: HealPolicy = {
  limit: 1,
  rackPolicy: 'spread',
  excludeBrokers: [],
  onlyTo: [],
  ignoreCapacity: false,
  allowFewerRacks: false,
  onlyConfident: false,
  allowPartial: false,
  treatHungAsDead: false,
  minDeadForMs: 600_000,
}
