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

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/** The most that any broker which may be given something may carry. */
function widestBound(high: Float64Array, target: Uint8Array): number {
  return high.reduce(
    (widest, most, b) => (target[b] === 1 && most < Infinity ? Math.max(widest, most) : widest),
    0,
  )
}

function holdersOf(dense: Dense, p: number, led: boolean): Iterable<number> {
  if (!led) return dense.replicas.subarray(dense.offset[p] ?? 0, dense.offset[p + 1] ?? 0)
  const leader = dense.leader[p] ?? -1
  return leader < 0 ? [] : [leader]
}

/** Raises the bound of the brokers that hold a partition which is too large for every broker; returns their load. */
function admitGiants(dense: Dense, draft: Draft, target: Uint8Array): ReadonlyMap<number, number> {
  const { weight, high, led } = draft
  const widest = widestBound(high, target)
  const giants = new Map<number, number>()
  for (const [p, add] of weight.entries()) {
    if (add <= widest) continue
    for (const b of holdersOf(dense, p, led)) {
      if ((high[b] ?? Infinity) >= add) continue
      high[b] = add * (1 + 1e-9)
      giants.set(b, high[b] ?? 0)
    }
  }
  return giants
}

/** Shares out evenly what all brokers together may not take. */
function admitExcess(draft: Draft): void {
  const { high, fair } = draft
  const most = high.reduce((total, bound, b) => ((fair[b] ?? 0) > 0 ? total + bound : total), 0)
  if (most >= sum(fair)) return
  for (const [b, share] of fair.entries())
    if (share > 0) high[b] = Math.max(high[b] ?? 0, share * (1 + SLACK))
}

/**
 * Loosens bounds that no assignment can meet, so that the search does its best towards what is left of them: a partition
 * too large for any broker stays where it is, with nothing else that can leave; more load than all brokers may take is
 * shared evenly; and where giants take much, the others need not be as full.
 */
export function makeReachable(dense: Dense, draft: Draft, target: Uint8Array): void {
  const { low, fair } = draft
  const giants = admitGiants(dense, draft, target)
  admitExcess(draft)
  if (giants.size === 0) return
  const taken = [...giants.values()].reduce((total, load) => total + load, 0)
  const wanted = low.reduce(
    (total, least, b) => (giants.has(b) ? total : total + Math.max(0, least)),
    0,
  )
  const left = Math.max(0, sum(fair) - taken) * (1 - SLACK)
  if (wanted <= left) return
  for (const [b, least] of low.entries()) if (least > 0) low[b] = (least * left) / wanted
}
