import { capacityOf, type BalancedResource } from '../../model/broker-load.js'
import type { Dense } from '../search/dense.js'
import type { Resource } from '../search/problem.js'
import type { BalancePolicy } from './balance-policy.js'
import { sharesWithinRacks } from './rack-shares.js'
import { makeReachable } from './reachable.js'

/** One resource as the policy wants it, with what is needed to explain it. */
export interface Bounds {
  readonly resource: Resource
  /** Load of each broker before, and its share of the mean utilisation. */
  readonly before: Float64Array
  readonly fair: Float64Array
  /** The band as asked for, before anything unreachable was taken out of it; infinite when off. */
  readonly bandHigh: Float64Array
  readonly bandLow: Float64Array
  /** What may be used of each broker; infinite where no capacity is stated. */
  readonly allowed: Float64Array
  /** True when the policy asks for it to be even; false when only its limit holds. */
  readonly wanted: boolean
}

/** Room for rounding: bounds are drawn in by this share, so that a plan still fits when it is added up differently. */
const ROUNDING = 1e-9
/** A limit that is not itself a goal gets a price when some broker has used up this share of it. */
const CLOSE_TO_LIMIT = 0.9
/** Counts come in whole replicas: a band of this or less asks for as even as whole numbers allow. */
const EXACT_BAND = 0.01

const isCount = (name: BalancedResource): boolean => name === 'replicas' || name === 'leaders'
const isLed = (name: BalancedResource): boolean => name === 'out' || name === 'leaders'

function weightsOf(dense: Dense, name: BalancedResource): Float64Array {
  if (name === 'in') return dense.bytesIn
  if (name === 'out') return dense.bytesLed
  if (name === 'disk') return dense.size
  return new Float64Array(dense.source.length).fill(1)
}

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
): Float64Array {
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

/** The band around a share. Counts are widened to whole replicas, and a narrow band on them means as even as can be. */
function bandAround(name: BalancedResource, share: number, band: number): [number, number] {
  if (!isCount(name)) return [share * (1 - band), share * (1 + band)]
  const floor = Math.floor(share + ROUNDING)
  const ceiling = Math.ceil(share - ROUNDING)
  if (band <= EXACT_BAND) return [floor, ceiling]
  return [
    Math.min(floor, Math.ceil(share * (1 - band))),
    Math.max(ceiling, Math.floor(share * (1 + band))),
  ]
}

function drawBand(
  dense: Dense,
  policy: BalancePolicy,
  name: BalancedResource,
  given: { readonly fair: Float64Array; readonly weight: Float64Array },
): Pick<Bounds, 'bandHigh' | 'bandLow'> {
  const { fair, weight } = given
  const high = new Float64Array(fair.length).fill(Infinity)
  const low = new Float64Array(fair.length).fill(-Infinity)
  if (policy.band === 'off') return { bandHigh: high, bandLow: low }
  const shares =
    isLed(name) || policy.rackPolicy === 'even' ? fair : sharesWithinRacks(dense, fair, weight)
  for (const [b, broker] of dense.brokers.entries()) {
    if (broker.state !== 'alive') continue
    const share = fair[b] ?? 0
    const near = shares[b] ?? 0
    // Racks of different size leave the band alone while they fit into it.
    const fits = Math.abs(near - share) <= 0.9 * policy.band * share && policy.band > EXACT_BAND
    const [from, to] = bandAround(name, fits ? share : near, policy.band)
    low[b] = from
    high[b] = to
  }
  return { bandHigh: high, bandLow: low }
}

interface Edges {
  readonly high: Float64Array
  readonly low: Float64Array
}

/** What the search is held to where the policy asks for evenness: the band, and never more than the limit. */
function wantedEdges(
  name: BalancedResource,
  band: Pick<Bounds, 'bandHigh' | 'bandLow'>,
  allowed: Float64Array,
): Edges {
  // Counts are whole numbers: their bounds are widened by the rounding, those of rates and bytes drawn in.
  const margin = isCount(name) ? ROUNDING : -ROUNDING
  const high = band.bandHigh.map((most, b) => Math.min(most, allowed[b] ?? Infinity) * (1 + margin))
  const low = band.bandLow.map((least, b) => Math.min(least * (1 - margin), high[b] ?? Infinity))
  return { high, low }
}

/** Where only its limit holds: what is over it already must not become more. */
function limitEdges(before: Float64Array, allowed: Float64Array): Edges {
  return {
    high: allowed.map((most, b) => Math.max(most, before[b] ?? 0) * (1 + ROUNDING)),
    low: new Float64Array(allowed.length).fill(-Infinity),
  }
}

function scaleOf(fair: Float64Array, allowed: Float64Array): Float64Array {
  return fair.map((share, b) => {
    const limit = allowed[b] ?? Infinity
    return share > 0 ? share : limit === Infinity ? 0 : limit
  })
}

/** Bounds of one resource on every broker; brokers that are dead or draining have none. */
export function drawBounds(
  dense: Dense,
  policy: BalancePolicy,
  name: BalancedResource,
  target: Uint8Array,
): Bounds {
  const weight = weightsOf(dense, name)
  const before = loadsOf(dense, name, weight)
  const counts = dense.brokers.map((broker) => broker.state === 'alive')
  const stated = dense.brokers.map((_, b) => statedCapacity(dense, policy, name, b))
  const fair = fairShares(before, stated, counts)
  const wanted = policy.resources.includes(name)
  const allowed = Float64Array.from(stated, (capacity) => (capacity ?? Infinity) * policy.limit)
  const band = drawBand(dense, policy, name, { fair, weight })
  const { high, low } = wanted ? wantedEdges(name, band, allowed) : limitEdges(before, allowed)
  const scale = scaleOf(fair, allowed)
  for (const [b, counted] of counts.entries()) {
    if (counted) continue
    high[b] = Infinity
    low[b] = -Infinity
    scale[b] = 0
  }
  const led = isLed(name)
  // A resource that is not asked for must not get worse: what is over its limit already may stay.
  const limit = wanted ? allowed : high.slice()
  if (wanted) makeReachable(dense, { weight, led, high, low, fair }, target)
  const close = before.some((load, b) => load > CLOSE_TO_LIMIT * (allowed[b] ?? Infinity))
  const priced = wanted || close
  const resource = { name, led, weight, high, low, limit, scale, wanted, priced }
  return { resource, before, fair, ...band, allowed, wanted }
}
