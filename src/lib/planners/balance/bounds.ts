import { capacityOf, type BalancedResource } from '../../model/broker-load.js'
import type { Dense } from '../search/dense.js'
import type { Resource } from '../search/problem.js'
import type { BalancePolicy } from './balance-policy.js'

/** One resource as the policy wants it, with what is needed to explain it. */
export interface Bounds {
  readonly resource: Resource
  /** Load of each broker before, and what would be its fair share. */
  readonly before: Float64Array
  readonly fair: Float64Array
  /** What may be used of each broker; infinite where no capacity is stated. */
  readonly allowed: Float64Array
  /** True when the policy asks for it to be even; false when only its limit holds. */
  readonly wanted: boolean
}

/** Room for rounding: bounds are drawn in by this share, so that a plan still fits when it is added up differently. */
const ROUNDING = 1e-9
/** A limit that is not itself a goal gets a price when some broker has used up this share of it. */
const CLOSE_TO_LIMIT = 0.9

function weightsOf(dense: Dense, name: BalancedResource): Float64Array {
  if (name === 'in') return dense.bytesIn
  if (name === 'out') return dense.bytesLed
  if (name === 'disk') return dense.size
  return new Float64Array(dense.source.length).fill(1)
}

const isLed = (name: BalancedResource): boolean => name === 'out' || name === 'leaders'

function loadsOf(dense: Dense, name: BalancedResource, weight: Float64Array): Float64Array {
  const load = new Float64Array(dense.brokers.length)
  for (let p = 0; p < weight.length; p++) {
    const add = weight[p] ?? 0
    if (isLed(name)) {
      const at = dense.leader[p] ?? -1
      if (at >= 0) load[at] = (load[at] ?? 0) + add
      continue
    }
    for (let i = dense.offset[p] ?? 0; i < (dense.offset[p + 1] ?? 0); i++) {
      const at = dense.replicas[i] ?? 0
      load[at] = (load[at] ?? 0) + add
    }
  }
  return load
}

/** The capacity that counts: the one of the policy, else the one of the snapshot; undefined is no limit. */
function statedCapacity(
  dense: Dense,
  policy: BalancePolicy,
  name: BalancedResource,
  at: number,
): number | undefined {
  const override = { in: policy.inLimit, out: policy.outLimit, disk: policy.diskLimit }
  const ofPolicy = name === 'in' || name === 'out' || name === 'disk' ? override[name] : undefined
  const broker = dense.brokers[at]
  const stated = ofPolicy ?? (broker === undefined ? undefined : capacityOf(broker, name))
  return stated !== undefined && stated > 0 ? stated : undefined
}

function fairShares(
  load: Float64Array,
  stated: readonly (number | undefined)[],
  counts: readonly boolean[],
) {
  const equal = counts.some((counted, b) => counted && stated[b] === undefined)
  const share = (b: number): number => (equal ? 1 : (stated[b] ?? 0))
  let total = 0
  let capacity = 0
  for (let b = 0; b < counts.length; b++) {
    if (counts[b] !== true) continue
    total += load[b] ?? 0
    capacity += share(b)
  }
  return Float64Array.from(counts, (counted, b) =>
    counted && capacity > 0 ? (total / capacity) * share(b) : 0,
  )
}

/** Bounds of one resource on every broker; brokers that are dead or draining have none. */
export function drawBounds(dense: Dense, policy: BalancePolicy, name: BalancedResource): Bounds {
  const weight = weightsOf(dense, name)
  const before = loadsOf(dense, name, weight)
  const counts = dense.brokers.map((broker) => broker.state === 'alive')
  const stated = dense.brokers.map((_, b) => statedCapacity(dense, policy, name, b))
  const fair = fairShares(before, stated, counts)
  const wanted = policy.resources.includes(name)
  const allowed = Float64Array.from(stated, (capacity) => (capacity ?? Infinity) * policy.limit)
  const high = new Float64Array(counts.length).fill(Infinity)
  const low = new Float64Array(counts.length).fill(-Infinity)
  const scale = new Float64Array(counts.length)
  for (const [b, counted] of counts.entries()) {
    if (!counted) continue
    const limit = allowed[b] ?? Infinity
    const share = fair[b] ?? 0
    scale[b] = share > 0 ? share : limit === Infinity ? 0 : limit
    if (wanted) {
      const band = policy.band === 'off' ? Infinity : share * (1 + policy.band)
      high[b] = Math.min(band, limit) * (1 - ROUNDING)
      low[b] =
        policy.band === 'off'
          ? -Infinity
          : Math.min(share * (1 - policy.band) * (1 + ROUNDING), high[b] ?? 0)
    } else {
      high[b] = Math.max(limit, before[b] ?? 0) * (1 + ROUNDING)
    }
  }
  const priced =
    wanted || before.some((load, b) => load > CLOSE_TO_LIMIT * (allowed[b] ?? Infinity))
  return {
    resource: { name, led: isLed(name), weight, high, low, scale, priced },
    before,
    fair,
    allowed,
    wanted,
  }
}
