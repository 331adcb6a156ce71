import { FREEDOM, type SearchProblem } from './problem.js'
import type { RackTargets } from './skyline.js'

/**
 * The entropy-smoothed choice of one partition under prices: each slot stays or goes to a target (in its own rack or a
 * rack without a replica), one slot leads, and the chance of each option falls off exponentially with its priced cost.
 * The expected loads are the gradient of the smoothed dual.
 */
export interface SoftChoice {
  readonly problem: SearchProblem
  readonly targets: RackTargets
  /** One row of brokers per resource. */
  readonly prices: Float64Array
  /** Expected load, and its variance in terms of load squared: same rows. */
  readonly load: Float64Array
  readonly spread: Float64Array
  readonly cheapest: Float64Array
  temperature: number
  readonly follow: Float64Array
  readonly lead: Float64Array
  readonly slots: Slots
  readonly usedRack: Int32Array
  tick: number
}

/** Scratch per replica slot: cost of staying, references, partition sums and the chance to lead. */
interface Slots {
  readonly stayFollow: Float64Array
  readonly stayLead: Float64Array
  readonly refFollow: Float64Array
  readonly refLead: Float64Array
  readonly sumFollow: Float64Array
  readonly sumLead: Float64Array
  readonly leads: Float64Array
}

export function createSoftChoice(
  problem: SearchProblem,
  targets: RackTargets,
  prices: Float64Array,
): SoftChoice {
  const { dense, resources } = problem
  const slot = (): Float64Array => new Float64Array(dense.maxReplicas)
  return {
    problem,
    targets,
    prices,
    load: new Float64Array(prices.length),
    spread: new Float64Array(prices.length),
    cheapest: new Float64Array(resources.length),
    temperature: 1,
    follow: new Float64Array(dense.brokers.length),
    lead: new Float64Array(dense.brokers.length),
    slots: {
      stayFollow: slot(),
      stayLead: slot(),
      refFollow: slot(),
      refLead: slot(),
      sumFollow: slot(),
      sumLead: slot(),
      leads: slot(),
    },
    usedRack: new Int32Array(dense.rackNames.length),
    tick: 0,
  }
}

function add(soft: SoftChoice, p: number, b: number, hosts: number, leads: number): void {
  const { resources, dense } = soft.problem
  const brokers = dense.brokers.length
  for (let r = 0; r < resources.length; r++) {
    const chance = resources[r]!.led ? leads : hosts
    const weight = resources[r]!.weight[p]!
    soft.load[r * brokers + b]! += weight * chance
    soft.spread[r * brokers + b]! += weight * weight * chance * (1 - chance)
  }
}

function price(soft: SoftChoice, p: number, b: number, led: boolean): number {
  const { resources, dense } = soft.problem
  const brokers = dense.brokers.length
  let sum = 0
  for (let r = 0; r < resources.length; r++)
    if (resources[r]!.led === led) sum += resources[r]!.weight[p]! * soft.prices[r * brokers + b]!
  return sum
}

/** Prices of staying; returns the most that one move could gain. */
function priceSlots(soft: SoftChoice, p: number): number {
  const { problem, slots } = soft
  const { dense } = problem
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  let hostedFloor = 0
  let ledFloor = 0
  for (let r = 0; r < problem.resources.length; r++) {
    const value = problem.resources[r]!.weight[p]! * soft.cheapest[r]!
    if (problem.resources[r]!.led) ledFloor += value
    else hostedFloor += value
  }
  let dearest = -Infinity
  let lead = Infinity
  for (let j = 0; j < count; j++) {
    const b = dense.replicas[from + j]!
    const host = price(soft, p, b, false)
    slots.stayFollow[j] = host
    if (host > dearest) dearest = host
    const mayLead =
      b === dense.leader[p]! || (dense.inSync[from + j] === 1 && problem.target[b] === 1)
    const leading = mayLead ? price(soft, p, b, true) : Infinity
    slots.stayLead[j] = leading
    if (leading < lead) lead = leading
  }
  return dearest - hostedFloor + Math.max(0, lead - ledFloor)
}

/** Adds the expected load of partition `p` and returns its smoothed least cost. */
export function addSoftChoice(soft: SoftChoice, p: number): number {
  const { problem, slots } = soft
  const { dense } = problem
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  const gain = priceSlots(soft, p)
  const moves =
    problem.freedom[p] === FREEDOM.replicas && problem.moveCost[p]! - gain < 12 * soft.temperature
  if (moves) return addMoving(soft, p, count)
  let hosted = 0
  for (let j = 0; j < count; j++) {
    hosted += slots.stayFollow[j]!
    add(soft, p, dense.replicas[from + j]!, 1, 0)
  }
  return hosted + addLeader(soft, p, count)
}

function addLeader(soft: SoftChoice, p: number, count: number): number {
  const { dense, freedom } = soft.problem
  const { stayLead, leads } = soft.slots
  const now = dense.leader[p]!
  if (now < 0) return 0
  const from = dense.offset[p]!
  let least = Infinity
  for (let j = 0; j < count; j++) {
    if (freedom[p] === FREEDOM.none && dense.replicas[from + j] !== now) stayLead[j] = Infinity
    if (stayLead[j]! < least) least = stayLead[j]!
  }
  let sum = 0
  for (let j = 0; j < count; j++) {
    const chance = Math.exp((least - stayLead[j]!) / soft.temperature)
    leads[j] = chance
    sum += chance
  }
  for (let j = 0; j < count; j++)
    if (leads[j]! > 1e-12) addLed(soft, p, dense.replicas[from + j]!, leads[j]! / sum)
  return least - soft.temperature * Math.log(sum)
}

function addLed(soft: SoftChoice, p: number, b: number, chance: number): void {
  const { resources, dense } = soft.problem
  for (let r = 0; r < resources.length; r++) {
    if (!resources[r]!.led) continue
    const at = r * dense.brokers.length + b
    const weight = resources[r]!.weight[p]!
    soft.load[at]! += weight * chance
    soft.spread[at]! += weight * weight * chance * (1 - chance)
  }
}

interface Group {
  refFollow: number
  refLead: number
  sumFollow: number
  sumLead: number
}

const openGroup: Group = { refFollow: 0, refLead: 0, sumFollow: 0, sumLead: 0 }
const ownGroup: Group = { refFollow: 0, refLead: 0, sumFollow: 0, sumLead: 0 }

function clear(group: Group): void {
  group.refFollow = Infinity
  group.refLead = Infinity
  group.sumFollow = 0
  group.sumLead = 0
}

/** Adds the targets of rack `g` to a group; `skip` is the replica that is there already. */
function gather(soft: SoftChoice, p: number, g: number, group: Group): void {
  const { targets, temperature, follow, lead } = soft
  const cost = soft.problem.moveCost[p]!
  for (let i = targets.start[g]!; i < targets.start[g + 1]!; i++) {
    const b = targets.members[i]!
    const host = cost + price(soft, p, b, false)
    const both = host + price(soft, p, b, true)
    follow[b] = host
    lead[b] = both
    if (host < group.refFollow) {
      group.sumFollow *= Math.exp((host - group.refFollow) / temperature)
      group.refFollow = host
    }
    if (both < group.refLead) {
      group.sumLead *= Math.exp((both - group.refLead) / temperature)
      group.refLead = both
    }
    const f = (group.refFollow - host) / temperature
    const l = (group.refLead - both) / temperature
    if (f > -30) group.sumFollow += Math.exp(f)
    if (l > -30) group.sumLead += Math.exp(l)
  }
}

/** Spreads chances over the targets of rack `g`. */
function scatter(
  soft: SoftChoice,
  at: { readonly p: number; readonly g: number },
  group: Group,
  chance: { readonly follow: number; readonly lead: number },
): void {
  const { targets, temperature, follow, lead } = soft
  for (let i = targets.start[at.g]!; i < targets.start[at.g + 1]!; i++) {
    const b = targets.members[i]!
    const f = (group.refFollow - follow[b]!) / temperature
    const l = (group.refLead - lead[b]!) / temperature
    if (f < -30 && l < -30) continue
    const leads = chance.lead * Math.exp(l)
    const hosts = chance.follow * Math.exp(f) + leads
    if (hosts > 1e-12) add(soft, at.p, b, hosts, leads)
  }
}

const both = { follow: 0, lead: 0 }

/** Merges "stay" with the group of the slot's own rack and the open racks, against a common reference. */
function closeSlot(soft: SoftChoice, j: number): void {
  const { slots, temperature } = soft
  const t = temperature
  const follow = slots.stayFollow[j]!
  const lead = follow + slots.stayLead[j]!
  const refF = Math.min(follow, ownGroup.refFollow, openGroup.refFollow)
  const refL = Math.min(lead, ownGroup.refLead, openGroup.refLead)
  slots.refFollow[j] = refF
  slots.refLead[j] = refL
  slots.sumFollow[j] =
    Math.exp((refF - follow) / t) +
    ownGroup.sumFollow * Math.exp((refF - ownGroup.refFollow) / t) +
    openGroup.sumFollow * Math.exp((refF - openGroup.refFollow) / t)
  slots.sumLead[j] =
    Math.exp((refL - lead) / t) +
    ownGroup.sumLead * Math.exp((refL - ownGroup.refLead) / t) +
    openGroup.sumLead * Math.exp((refL - openGroup.refLead) / t)
}

/** The chance of each slot to lead; returns the smoothed least cost. */
function chooseLeader(soft: SoftChoice, count: number, hasLeader: boolean): number {
  const { slots, temperature } = soft
  let all = 0
  for (let j = 0; j < count; j++)
    all += slots.refFollow[j]! - temperature * Math.log(slots.sumFollow[j]!)
  if (!hasLeader) {
    slots.leads.fill(0, 0, count)
    return all
  }
  let least = Infinity
  for (let j = 0; j < count; j++) {
    const f = slots.refFollow[j]! - temperature * Math.log(slots.sumFollow[j]!)
    const l = slots.refLead[j]! - temperature * Math.log(slots.sumLead[j]!)
    slots.leads[j] = l - f
    if (l - f < least) least = l - f
  }
  let sum = 0
  for (let j = 0; j < count; j++) {
    slots.leads[j] = Math.exp((least - slots.leads[j]!) / temperature)
    sum += slots.leads[j]!
  }
  for (let j = 0; j < count; j++) slots.leads[j]! /= sum
  return all + least - temperature * Math.log(sum)
}

function addMoving(soft: SoftChoice, p: number, count: number): number {
  const { problem, slots, usedRack, temperature } = soft
  const { dense } = problem
  const from = dense.offset[p]!
  const tick = ++soft.tick
  for (let j = 0; j < count; j++) usedRack[dense.rackOf[dense.replicas[from + j]!]!] = tick
  clear(openGroup)
  for (let g = 0; g < usedRack.length; g++) if (usedRack[g] !== tick) gather(soft, p, g, openGroup)
  for (let j = 0; j < count; j++) {
    clear(ownGroup)
    gather(soft, p, dense.rackOf[dense.replicas[from + j]!]!, ownGroup)
    closeSlot(soft, j)
  }
  const cost = chooseLeader(soft, count, dense.leader[p]! >= 0)
  let openFollow = 0
  let openLead = 0
  for (let j = 0; j < count; j++) {
    const b = dense.replicas[from + j]!
    const f = (1 - slots.leads[j]!) / slots.sumFollow[j]!
    const l = slots.leads[j]! / slots.sumLead[j]!
    const refF = slots.refFollow[j]!
    const refL = slots.refLead[j]!
    const leads = l * Math.exp((refL - slots.stayFollow[j]! - slots.stayLead[j]!) / temperature)
    const hosts = f * Math.exp((refF - slots.stayFollow[j]!) / temperature) + leads
    add(soft, p, b, hosts, leads)
    openFollow += f * Math.exp((refF - openGroup.refFollow) / temperature)
    openLead += l * Math.exp((refL - openGroup.refLead) / temperature)
    clear(ownGroup)
    gather(soft, p, dense.rackOf[b]!, ownGroup)
    both.follow = f * Math.exp((refF - ownGroup.refFollow) / temperature)
    both.lead = l * Math.exp((refL - ownGroup.refLead) / temperature)
    if (both.follow + both.lead > 1e-12) scatter(soft, { p, g: dense.rackOf[b]! }, ownGroup, both)
  }
  both.follow = openFollow
  both.lead = openLead
  if (openFollow + openLead > 1e-12)
    for (let g = 0; g < usedRack.length; g++)
      if (usedRack[g] !== tick) scatter(soft, { p, g }, openGroup, both)
  return cost
}
