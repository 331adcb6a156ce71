import type { Dense } from '../search/dense.js'
import type { SearchState } from '../search/state.js'
import type { Bounds } from './bounds.js'

/** A broker that stays outside of what was asked for, in one resource. */
export interface Miss {
  readonly broker: number
  readonly bounds: Bounds
  readonly load: number
  /** The limit or the edge of the band. */
  readonly wanted: number
  readonly kind: 'over-limit' | 'above-band' | 'below-band'
}

/** Slack for sums that were added up in another order. */
const TOLERANCE = 1e-7

/** Loads of one resource after a search, broker by broker. */
export function loadsAfter(dense: Dense, bounds: Bounds, state: SearchState): Float64Array {
  const { led, weight } = bounds.resource
  const load = new Float64Array(dense.brokers.length)
  const add = (b: number, amount: number): void => {
    if (b >= 0) load[b] = (load[b] ?? 0) + amount
  }
  for (const [p, amount] of weight.entries()) {
    if (led) add(state.leader[p] ?? -1, amount)
    else
      for (let i = dense.offset[p] ?? 0; i < (dense.offset[p + 1] ?? 0); i++)
        add(state.replicas[i] ?? -1, amount)
  }
  return load
}

function missOf(bounds: Bounds, broker: number, b: number, load: number): Miss | null {
  const allowed = bounds.allowed[b] ?? Infinity
  const high = bounds.bandHigh[b] ?? Infinity
  const low = bounds.bandLow[b] ?? -Infinity
  if (load > allowed * (1 + TOLERANCE))
    return { broker, bounds, load, wanted: allowed, kind: 'over-limit' }
  if (load > high * (1 + TOLERANCE))
    return { broker, bounds, load, wanted: high, kind: 'above-band' }
  // A broker that is kept below the band by its own limit is as full as it may be.
  if (load < Math.min(low, allowed) * (1 - TOLERANCE))
    return { broker, bounds, load, wanted: low, kind: 'below-band' }
  return null
}

/** Every broker that is over a limit or outside the band where a search ended, in the resources asked for. */
export function findMisses(
  dense: Dense,
  bounds: readonly Bounds[],
  state: SearchState,
): readonly Miss[] {
  return bounds
    .filter((entry) => entry.wanted)
    .flatMap((entry) => {
      const after = loadsAfter(dense, entry, state)
      return dense.brokers.flatMap((broker, b) => {
        if (broker.state !== 'alive') return []
        const miss = missOf(entry, broker.id, b, after[b] ?? 0)
        return miss === null ? [] : [miss]
      })
    })
}
