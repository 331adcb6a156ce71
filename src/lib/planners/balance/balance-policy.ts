import type { BalancedResource } from '../../model/broker-load.js'

/** How replicas of a touched partition may share racks; see placement/racks. */
export type RackPolicy = 'spread' | 'strict' | 'even'

/** What `balance plan` is asked for. Figures in bytes and bytes per second, shares as fractions of 1. */
export interface BalancePolicy {
  /** What is to be even. */
  readonly resources: readonly BalancedResource[]
  /** Distance from the mean utilisation that is fine, on both sides; `off` relieves brokers over their limit only. */
  readonly band: number | 'off'
  /** Share of each stated capacity that may be used. */
  readonly limit: number
  /** Capacities to take for every broker instead of those that the snapshot states. */
  readonly inLimit?: number
  readonly outLimit?: number
  readonly diskLimit?: number
  readonly rackPolicy: RackPolicy
  /** Topics that match are left alone. */
  readonly excludeTopics?: RegExp
  /** Brokers that are given nothing. */
  readonly excludeBrokers: readonly number[]
  /** When not empty: the only brokers that are given anything. */
  readonly onlyTo: readonly number[]
  readonly maxBytes?: number
  readonly maxMoves?: number
  /** Give the best partial plan where the whole cannot be had. */
  readonly allowPartial: boolean
  /** Repair partitions whose racks break the rack policy as well. */
  readonly fixRacks: boolean
}

/** In and out within 10 % of the mean, up to the full stated capacity, racks spread. */
export const DEFAULT_BALANCE_POLICY: BalancePolicy = {
  resources: ['in', 'out'],
  band: 0.1,
  limit: 1,
  rackPolicy: 'spread',
  excludeBrokers: [],
  onlyTo: [],
  allowPartial: false,
  fixRacks: false,
}
