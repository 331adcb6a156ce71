import { FREEDOM, type SearchProblem } from './problem.js'
import { buildSkyline, groupTargets, type RackTargets, type Skyline } from './skyline.js'

/**
 * Finds, for given prices per resource and broker, the cheapest assignment of one partition: bytes of its new replicas
 * plus the price of the load that it puts on brokers. The sum over all partitions is the Lagrangian of the whole problem.
 */
export interface Pricer {
  readonly problem: SearchProblem
  readonly prices: Float64Array
  /** Answer of the last {@link bestAssignment}: replica list (same slots as before where they stay) and leader. */
  readonly list: Int32Array
  leader: number
  /** Lower bound of the priced cost over every assignment; the answer's own cost unless racks are shared. */
  bound: number
  /** Priced cost of keeping all replicas, with the best leader among them. */
  stays: number
  readonly scratch: Scratch
  readonly targets: RackTargets
  skyline: Skyline
  readonly hosted: readonly number[]
  readonly led: readonly number[]
}

interface Scratch {
  /** Per rack: cheapest follower and leader there, and who that is. */
  readonly follower: Float64Array
  readonly followerAt: Int32Array
  readonly leading: Float64Array
  readonly leadingAt: Int32Array
  readonly stamp: Int32Array
  readonly racks: Int32Array
  readonly order: Int32Array
  tick: number
}

/** A pricer with all prices zero. */
export function createPricer(problem: SearchProblem): Pricer {
  const racks = problem.dense.rackNames.length
  const brokers = problem.dense.brokers.length
  const targets = groupTargets(problem)
  const prices = new Float64Array(problem.resources.length * brokers)
  const priced = problem.resources.map((resource) => resource.priced)
  const numbers = problem.resources.map((_, r) => r)
  return {
    problem,
    prices,
    list: new Int32Array(problem.dense.maxReplicas),
    leader: -1,
    bound: 0,
    stays: 0,
    targets,
    skyline: buildSkyline(targets, prices, brokers),
    hosted: numbers.filter((r) => priced[r]! && !problem.resources[r]!.led),
    led: numbers.filter((r) => priced[r]! && problem.resources[r]!.led),
    scratch: {
      follower: new Float64Array(racks),
      followerAt: new Int32Array(racks),
      leading: new Float64Array(racks),
      leadingAt: new Int32Array(racks),
      stamp: new Int32Array(racks),
      racks: new Int32Array(racks),
      order: new Int32Array(racks),
      tick: 0,
    },
  }
}

/** Takes over prices that were changed in place. */
export function updatePrices(pricer: Pricer): void {
  pricer.skyline = buildSkyline(pricer.targets, pricer.prices, pricer.problem.dense.brokers.length)
}

function hostedPrice(pricer: Pricer, p: number, b: number): number {
  const { prices, hosted } = pricer
  const brokers = pricer.problem.dense.brokers.length
  let sum = 0
  for (let k = 0; k < hosted.length; k++) {
    const r = hosted[k]!
    sum += pricer.problem.resources[r]!.weight[p]! * prices[r * brokers + b]!
  }
  return sum
}

function ledPrice(pricer: Pricer, p: number, b: number): number {
  const { prices, led } = pricer
  const brokers = pricer.problem.dense.brokers.length
  let sum = 0
  for (let k = 0; k < led.length; k++) {
    const r = led[k]!
    sum += pricer.problem.resources[r]!.weight[p]! * prices[r * brokers + b]!
  }
  return sum
}

function cheapestPrice(pricer: Pricer, p: number, which: readonly number[]): number {
  let sum = 0
  for (let k = 0; k < which.length; k++) {
    const r = which[k]!
    sum += pricer.problem.resources[r]!.weight[p]! * pricer.skyline.cheapest[r]!
  }
  return sum
}

/** Keeps all replicas and picks the cheapest leader among those in sync. Returns the most that a move could gain. */
function stay(pricer: Pricer, p: number): number {
  const { dense, freedom, target } = pricer.problem
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  const leaderNow = dense.leader[p]!
  let total = 0
  let dearest = -Infinity
  let best = leaderNow < 0 ? 0 : Infinity
  let bestAt = leaderNow
  for (let j = 0; j < count; j++) {
    const b = dense.replicas[from + j]!
    pricer.list[j] = b
    const price = hostedPrice(pricer, p, b)
    total += price
    if (price > dearest) dearest = price
    if (leaderNow < 0) continue
    const mayLead =
      b === leaderNow ||
      (freedom[p]! >= FREEDOM.leader && dense.inSync[from + j] === 1 && target[b] === 1)
    if (!mayLead) continue
    const lead = ledPrice(pricer, p, b)
    if (lead < best || (lead === best && b === leaderNow)) {
      best = lead
      bestAt = b
    }
  }
  pricer.leader = bestAt
  pricer.bound = total + best
  pricer.stays = total + best
  return (
    dearest - cheapestPrice(pricer, p, pricer.hosted) + best - cheapestPrice(pricer, p, pricer.led)
  )
}

/** Fills in, per rack, the cheapest follower and leader: a replica that stays, or a new one. */
function scanRack(pricer: Pricer, p: number, g: number): void {
  const { scratch, skyline } = pricer
  const cost = pricer.problem.moveCost[p]!
  let follower = Infinity
  let followerAt = -1
  let leading = Infinity
  let leadingAt = -1
  for (let i = skyline.start[g]!; i < skyline.end[g]!; i++) {
    const b = skyline.members[i]!
    const host = cost + hostedPrice(pricer, p, b)
    if (host < follower) {
      follower = host
      followerAt = b
    }
    const lead = host + ledPrice(pricer, p, b)
    if (lead < leading) {
      leading = lead
      leadingAt = b
    }
  }
  scratch.follower[g] = follower
  scratch.followerAt[g] = followerAt
  scratch.leading[g] = leading
  scratch.leadingAt[g] = leadingAt
}

function mergeStaying(pricer: Pricer, p: number): void {
  const { scratch } = pricer
  const { dense, target } = pricer.problem
  const from = dense.offset[p]!
  for (let i = from; i < dense.offset[p + 1]!; i++) {
    const b = dense.replicas[i]!
    const g = dense.rackOf[b]!
    const host = hostedPrice(pricer, p, b)
    if (host <= scratch.follower[g]!) {
      scratch.follower[g] = host
      scratch.followerAt[g] = b
    }
    const mayLead = b === dense.leader[p]! || (dense.inSync[i] === 1 && target[b] === 1)
    const lead = host + ledPrice(pricer, p, b)
    if (mayLead && lead <= scratch.leading[g]!) {
      scratch.leading[g] = lead
      scratch.leadingAt[g] = b
    }
  }
}

/** Picks RF racks (ordered by their cheapest follower) and the rack that leads. */
function chooseRacks(pricer: Pricer, count: number): void {
  const { scratch } = pricer
  const racks = scratch.follower.length
  const { order, follower, leading } = scratch
  let held = 0
  let sum = 0
  for (let g = 0; g < racks; g++) {
    let at = held < count ? held++ : count
    if (at === count && follower[g]! >= follower[order[count - 1]!]!) continue
    if (at === count) at = count - 1
    while (at > 0 && follower[order[at - 1]!]! > follower[g]!) {
      order[at] = order[at - 1]!
      at--
    }
    order[at] = g
  }
  for (let i = 0; i < count; i++) sum += follower[order[i]!]!
  const last = follower[order[count - 1]!]!
  let best = Infinity
  let leadRack = -1
  for (let g = 0; g < racks; g++) {
    const replaced = follower[g]! < last || isAmong(order, count, g) ? follower[g]! : last
    const value = sum - replaced + leading[g]!
    if (value < best) {
      best = value
      leadRack = g
    }
  }
  pricer.bound = best
  pricer.leader = leadRack < 0 ? -1 : scratch.leadingAt[leadRack]!
  writeList(pricer, count, leadRack)
}

function isAmong(order: Int32Array, count: number, g: number): boolean {
  for (let i = 0; i < count; i++) if (order[i] === g) return true
  return false
}

function writeList(pricer: Pricer, count: number, leadRack: number): void {
  const { scratch, list } = pricer
  const among = isAmong(scratch.order, count, leadRack)
  for (let i = 0; i < count; i++) {
    const g = scratch.order[i]!
    list[i] = g === leadRack ? scratch.leadingAt[g]! : scratch.followerAt[g]!
  }
  if (!among) list[count - 1] = scratch.leadingAt[leadRack]!
}

/**
 * Cheapest assignment of partition `p`: the answer stands in `list`, `leader` and `bound`. Partitions whose replicas
 * share a rack already stay where they are here; their `bound` ignores racks, so it holds all the same.
 */
export function bestAssignment(pricer: Pricer, p: number): void {
  const { problem } = pricer
  const { dense } = problem
  const gain = stay(pricer, p)
  if (problem.freedom[p] !== FREEDOM.replicas || gain <= problem.moveCost[p]!) return
  const count = dense.offset[p + 1]! - dense.offset[p]!
  if (problem.sharesRack[p] !== 1 || count > pricer.targets.start.length - 1) {
    pricer.bound = boundWithoutRacks(pricer, p)
    return
  }
  for (let g = 0; g < dense.rackNames.length; g++) scanRack(pricer, p, g)
  mergeStaying(pricer, p)
  chooseRacks(pricer, count)
}

function boundWithoutRacks(pricer: Pricer, p: number): number {
  const { dense, moveCost } = pricer.problem
  const fresh = moveCost[p]! + cheapestPrice(pricer, p, pricer.hosted)
  let sum = 0
  let lead = cheapestPrice(pricer, p, pricer.led)
  for (let i = dense.offset[p]!; i < dense.offset[p + 1]!; i++) {
    const b = dense.replicas[i]!
    sum += Math.min(fresh, hostedPrice(pricer, p, b))
    lead = Math.min(lead, ledPrice(pricer, p, b))
  }
  return sum + lead
}
