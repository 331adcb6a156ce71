import type { Dense } from '../search/dense.js'

/** What each rack may hold of a resource when no partition has two replicas in one rack. */
interface RackRange {
  readonly least: Float64Array
  readonly most: Float64Array
}

function rangeOf(dense: Dense, weight: Float64Array, inUse: readonly boolean[]): RackRange {
  const racks = inUse.filter((used) => used).length
  const least = new Float64Array(inUse.length)
  const most = new Float64Array(inUse.length)
  let everywhere = 0
  let anywhere = 0
  for (const [p, add] of weight.entries()) {
    const count = (dense.offset[p + 1] ?? 0) - (dense.offset[p] ?? 0)
    // With as many replicas as racks, or more, each rack gets its share whatever is done.
    everywhere += add * Math.floor(count / racks) * (count >= racks ? 1 : 0)
    anywhere += add * Math.ceil(count / racks)
  }
  for (const [g, used] of inUse.entries()) {
    least[g] = used ? everywhere : 0
    most[g] = used ? anywhere : 0
  }
  return { least, most }
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value))

/**
 * The nearest to fair that racks allow: where a rack must hold more (or cannot hold as much) as its brokers' fair share,
 * the share of each broker is drawn to what its rack will hold. Brokers without a fair share keep 0.
 */
export function sharesWithinRacks(
  dense: Dense,
  fair: Float64Array,
  weight: Float64Array,
): Float64Array {
  const racks = dense.rackNames.length
  const ofRack = new Float64Array(racks)
  for (const [b, share] of fair.entries()) {
    const g = dense.rackOf[b] ?? 0
    ofRack[g] = (ofRack[g] ?? 0) + share
  }
  const inUse = Array.from(ofRack, (share) => share > 0)
  const { least, most } = rangeOf(dense, weight, inUse)
  const total = fair.reduce((sum, share) => sum + share, 0)
  const filled = (level: number): number =>
    ofRack.reduce((sum, share, g) => sum + clamp(share * level, least[g] ?? 0, most[g] ?? 0), 0)
  let low = 0
  let high = 64
  for (let round = 0; round < 80; round++) {
    const middle = (low + high) / 2
    if (filled(middle) < total) low = middle
    else high = middle
  }
  return fair.map((share, b) => {
    const g = dense.rackOf[b] ?? 0
    const rack = ofRack[g] ?? 0
    if (rack <= 0) return 0
    return (share * clamp(rack * high, least[g] ?? 0, most[g] ?? 0)) / rack
  })
}
