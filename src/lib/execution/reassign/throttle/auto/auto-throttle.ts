import type { RateBounds } from './control-rate.js'
import type { BrokerLimits } from './spare-capacity.js'

/** How a throttle follows the cluster: bounds, and what brokers can carry where that is known. */
export interface AutoThrottle extends RateBounds {
  /** For every broker, and for those that differ, by id. */
  readonly limits: {
    readonly all: BrokerLimits
    readonly brokers: Readonly<Record<string, BrokerLimits>>
  }
}
