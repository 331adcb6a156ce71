import type { SearchProblem } from './problem.js'

/**
 * For given prices, the only brokers of each rack that a new replica could go to at least cost: those that no other
 * target in the rack undercuts in every resource.
 */
export interface Skyline {
  /** Members of rack `g` stand in `members` from `start[g]` to `end[g]`. */
  readonly start: Int32Array
  readonly end: Int32Array
  readonly members: Int32Array
  /** Lowest price of each resource over all targets. */
  readonly cheapest: Float64Array
}

/** Targets of each rack, one rack behind the other. */
export interface RackTargets {
  readonly start: Int32Array
  readonly members: Int32Array
}

/** Sorts the brokers that may be given something by rack. */
export function groupTargets(problem: SearchProblem): RackTargets {
  const { rackOf, rackNames } = problem.dense
  const start = new Int32Array(rackNames.length + 1)
  for (let b = 0; b < rackOf.length; b++) if (problem.target[b] === 1) start[rackOf[b]! + 1]! += 1
  for (let g = 0; g < rackNames.length; g++) start[g + 1]! += start[g]!
  const at = start.slice()
  const members = new Int32Array(start[rackNames.length]!)
  for (let b = 0; b < rackOf.length; b++)
    if (problem.target[b] === 1) members[at[rackOf[b]!]!++] = b
  return { start, members }
}

function undercuts(prices: Float64Array, count: number, a: number, b: number): boolean {
  const resources = prices.length / count
  let strictly = false
  for (let r = 0; r < resources; r++) {
    const pa = prices[r * count + a]!
    const pb = prices[r * count + b]!
    if (pa > pb) return false
    if (pa < pb) strictly = true
  }
  return strictly || a < b
}

/** `prices` holds one row of brokers per resource. */
export function buildSkyline(
  targets: RackTargets,
  prices: Float64Array,
  brokerCount: number,
): Skyline {
  const racks = targets.start.length - 1
  const start = targets.start.slice(0, racks)
  const end = new Int32Array(racks)
  const members = new Int32Array(targets.members.length)
  const resources = prices.length / brokerCount
  const cheapest = new Float64Array(resources).fill(Infinity)
  for (let g = 0; g < racks; g++) {
    let size = start[g]!
    for (let i = targets.start[g]!; i < targets.start[g + 1]!; i++) {
      const b = targets.members[i]!
      for (let r = 0; r < resources; r++)
        cheapest[r] = Math.min(cheapest[r]!, prices[r * brokerCount + b]!)
      let dominated = false
      for (let k = targets.start[g]!; k < targets.start[g + 1]! && !dominated; k++)
        dominated = k !== i && undercuts(prices, brokerCount, targets.members[k]!, b)
      if (!dominated) members[size++] = b
    }
    end[g] = size
  }
  return { start, end, members, cheapest }
}
