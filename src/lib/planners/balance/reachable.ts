import type { Dense } from '../search/dense.js'

/** Bounds of one resource, changed in place. */
interface Draft {
  readonly weight: Float64Array
  readonly led: boolean
  readonly high: Float64Array
  readonly low: Float64Array
  readonly fair: Float64Array
}

/** Slack that is left where the bounds together are too tight for the load. */
const SLACK = 0.02

/** Raises the bound of the brokers that hold a partition which is too large for every broker. */
function admitGiants(dense: Dense, draft: Draft, target: Uint8Array): void {
  const { weight, high, led } = draft
  let widest = 0
  for (const [b, most] of high.entries())
    if (target[b] === 1 && most < Infinity) widest = Math.max(widest, most)
  for (const [p, add] of weight.entries()) {
    if (add <= widest) continue
    const holders = led
      ? [dense.leader[p] ?? -1]
      : dense.replicas.subarray(dense.offset[p] ?? 0, dense.offset[p + 1] ?? 0)
    for (const b of holders) if (b >= 0 && (high[b] ?? Infinity) < add) high[b] = add * (1 + 1e-9)
  }
}

/**
 * Loosens bounds that no assignment can meet, so that the search does its best towards what is left of them: a partition
 * too large for any broker stays where it is, with nothing else that can leave; more load than all brokers may take is
 * shared evenly; and where giants take much, the others need not be as full.
 */
export function makeReachable(dense: Dense, draft: Draft, target: Uint8Array): void {
  const { high, low, fair } = draft
  admitGiants(dense, draft, target)
  const total = fair.reduce((sum, share) => sum + share, 0)
  let most = 0
  for (const [b, share] of fair.entries()) {
    if (share <= 0) continue
    most += high[b] ?? 0
  }
  if (most < total) {
    for (const [b, share] of fair.entries())
      if (share > 0) high[b] = Math.max(high[b] ?? 0, share * (1 + SLACK))
  }
  // The giants' own load is not there for the others to be filled with.
  let giants = 0
  let others = 0
  for (const [b, share] of fair.entries()) {
    if (share <= 0) continue
    if ((high[b] ?? 0) > share * 2 && (high[b] ?? 0) < Infinity) giants += high[b] ?? 0
    else others += Math.max(0, low[b] ?? 0)
  }
  if (giants > 0 && others > total - giants && others > 0) {
    const shrink = Math.max(0, ((total - giants) * (1 - SLACK)) / others)
    for (let b = 0; b < low.length; b++) if ((low[b] ?? 0) > 0) low[b] = (low[b] ?? 0) * shrink
  }
}
