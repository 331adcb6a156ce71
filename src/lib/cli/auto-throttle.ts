import type { Settings } from '../config/settings.js'
import type { AutoThrottle } from '../execution/reassign/throttle/auto/auto-throttle.js'
import type { MeasureTraffic } from '../execution/reassign/throttle/auto/governor.js'
import { MINIMUM_RATE } from '../execution/reassign/throttle/entries.js'
import type { BrokerLimits } from '../execution/reassign/throttle/auto/spare-capacity.js'
import type { Clock } from '../ports/clock.js'
import type { ClusterReader } from '../ports/cluster-reader.js'

/** Bounds of `--throttle auto` where neither a flag nor the file says anything, in bytes per second. */
export const DEFAULT_BOUNDS = { min: 5e6, max: 500e6 }

/** Flags that bear on an automatic throttle. */
export interface AutoValues {
  readonly 'throttle-min'?: number | undefined
  readonly 'throttle-max'?: number | undefined
  readonly 'in-limit'?: number | undefined
  readonly 'out-limit'?: number | undefined
}

const defined = (limits: { in: number | undefined; out: number | undefined }): BrokerLimits => ({
  ...(limits.in !== undefined && { in: limits.in }),
  ...(limits.out !== undefined && { out: limits.out }),
})

/** Bounds from flags, limits of brokers from flags and file: what brokers can carry, times the share that may be used. */
export function autoThrottle(
  flags: AutoValues,
  { capacity, policy }: Pick<Settings, 'capacity' | 'policy'>,
): AutoThrottle {
  const max = Math.max(MINIMUM_RATE, flags['throttle-max'] ?? DEFAULT_BOUNDS.max)
  const min = Math.max(MINIMUM_RATE, Math.min(max, flags['throttle-min'] ?? DEFAULT_BOUNDS.min))
  const usable = (rate: number | undefined): number | undefined =>
    rate === undefined ? undefined : rate * policy.limit
  const limitsOf = (own: { in?: number | undefined; out?: number | undefined }): BrokerLimits =>
    defined({
      in: usable(flags['in-limit'] ?? own.in ?? capacity.in),
      out: usable(flags['out-limit'] ?? own.out ?? capacity.out),
    })
  const brokers: Record<string, BrokerLimits> = {}
  for (const [id, own] of Object.entries(capacity.brokers ?? {})) brokers[id] = limitsOf(own)
  return { min, max, limits: { all: limitsOf({}), brokers } }
}

/** Measures traffic through the protocol, for the time that an execution asks for. */
export function trafficMeter(reader: ClusterReader, clock: Clock): MeasureTraffic {
  return async (durationMs, signal) => {
    const { observeTraffic } = await import('../reading/traffic/observe-traffic.js')
    return observeTraffic(reader, { clock, durationMs, signal })
  }
}
