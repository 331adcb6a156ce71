import type { BalancedResource } from '../../model/broker-load.js'
import type { Dense } from './dense.js'

/** One resource over all brokers: what each partition adds to a broker, and what a broker should carry. */
export interface Resource {
  readonly name: BalancedResource
  /** True when only the leader carries it, false when every replica does. */
  readonly led: boolean
  readonly weight: Float64Array
  /** Highest and lowest load wanted on each broker, in units of `weight`. */
  readonly high: Float64Array
  readonly low: Float64Array
  /** What may be used of each broker at most, whatever the band says; infinite without a limit. */
  readonly limit: Float64Array
  /** Load that counts as 1 when violations of different resources and brokers are added up. */
  readonly scale: Float64Array
  /** False when only the limit holds: nothing that is wanted elsewhere is worth passing it. */
  readonly wanted: boolean
  /** False for bounds that are not expected to bind: the search keeps to them, but gives them no price. */
  readonly priced: boolean
}

/** What may be changed about a partition. */
export const FREEDOM = { none: 0, leader: 1, replicas: 2 } as const

/** A question to the search: which replica lists and leaders meet the bounds at the least cost. */
export interface SearchProblem {
  readonly dense: Dense
  readonly resources: readonly Resource[]
  /** Cost of one new replica of each partition: bytes. */
  readonly moveCost: Float64Array
  readonly freedom: Uint8Array
  /** Per broker: 1 when it may be given replicas and leadership that it does not have. */
  readonly target: Uint8Array
  /** Per partition: how many replicas may share a rack (1: racks stay distinct; 0: on no fewer racks than before). */
  readonly sharesRack: Uint8Array
  /** Per broker: bytes, and bytes per second, that may arrive while what leaves is still there. */
  readonly room?: { readonly disk: Float64Array; readonly in: Float64Array }
  /** Per partition: 1 when its racks break the rule of `sharesRack` and are to be repaired. */
  readonly mustSpread?: Uint8Array
}
