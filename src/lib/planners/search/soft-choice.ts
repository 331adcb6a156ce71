import { FREEDOM } from './problem.js'
import type { Group, SoftChoice } from './soft-state.js'

/** Options whose cost is this many temperatures above the best one are left out. */
const NEGLIGIBLE = 16
/** Partitions that lack this many temperatures to a move are taken to stay. */
const OUT_OF_REACH = 6
const LEAST_CHANCE = 1e-9

function add(soft: SoftChoice, p: number, b: number, hosts: number): void {
  const { resources, dense } = soft.problem
  for (let k = 0; k < soft.hosted.length; k++) {
    const r = soft.hosted[k]!
    const weight = resources[r]!.weight[p]!
    const row = r * dense.brokers.length + b
    soft.load[row]! += weight * hosts
    soft.spread[row]! += weight * weight * hosts * (1 - hosts)
  }
}

function addLed(soft: SoftChoice, p: number, b: number, leads: number): void {
  const { resources, dense } = soft.problem
  for (let k = 0; k < soft.led.length; k++) {
    const r = soft.led[k]!
    const weight = resources[r]!.weight[p]!
    const row = r * dense.brokers.length + b
    soft.load[row]! += weight * leads
    soft.spread[row]! += weight * weight * leads * (1 - leads)
  }
}

function price(soft: SoftChoice, which: readonly number[], p: number, b: number): number {
  const { resources, dense } = soft.problem
  let sum = 0
  for (let k = 0; k < which.length; k++) {
    const r = which[k]!
    sum += resources[r]!.weight[p]! * soft.prices[r * dense.brokers.length + b]!
  }
  return sum
}

function floor(soft: SoftChoice, which: readonly number[], p: number): number {
  let sum = 0
  for (let k = 0; k < which.length; k++)
    sum += soft.problem.resources[which[k]!]!.weight[p]! * soft.cheapest[which[k]!]!
  return sum
}

/** Prices of staying; returns the most that one move could gain. */
function priceSlots(soft: SoftChoice, p: number): number {
  const { problem, slots } = soft
  const { dense } = problem
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  const hostedFloor = floor(soft, soft.hosted, p)
  const ledFloor = floor(soft, soft.led, p)
  let dearest = -Infinity
  let lead = Infinity
  for (let j = 0; j < count; j++) {
    const b = dense.replicas[from + j]!
    const host = price(soft, soft.hosted, p, b)
    slots.stayFollow[j] = host
    if (host > dearest) dearest = host
    const mayLead =
      b === dense.leader[p]! || (dense.inSync[from + j] === 1 && problem.target[b] === 1)
    const leading = mayLead ? price(soft, soft.led, p, b) : Infinity
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
    problem.freedom[p] === FREEDOM.replicas &&
    problem.moveCost[p]! - gain < OUT_OF_REACH * soft.temperature
  if (moves) return addMoving(soft, p, count)
  let hosted = 0
  for (let j = 0; j < count; j++) {
    hosted += slots.stayFollow[j]!
    add(soft, p, dense.replicas[from + j]!, 1)
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
    if (leads[j]! > LEAST_CHANCE * sum) addLed(soft, p, dense.replicas[from + j]!, leads[j]! / sum)
  return least - soft.temperature * Math.log(sum)
}

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
    const host = cost + price(soft, soft.hosted, p, b)
    const both = host + price(soft, soft.led, p, b)
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
    if (f > -NEGLIGIBLE) group.sumFollow += Math.exp(f)
    if (l > -NEGLIGIBLE) group.sumLead += Math.exp(l)
  }
}

/** Spreads chances over the targets of rack `g`. */
function scatter(
  soft: SoftChoice,
  at: { readonly p: number; readonly g: number },
  group: Group,
): void {
  const { targets, temperature, follow, lead, chance } = soft
  for (let i = targets.start[at.g]!; i < targets.start[at.g + 1]!; i++) {
    const b = targets.members[i]!
    const f = (group.refFollow - follow[b]!) / temperature
    const l = (group.refLead - lead[b]!) / temperature
    if (f < -NEGLIGIBLE && l < -NEGLIGIBLE) continue
    const leads = l < -NEGLIGIBLE ? 0 : chance.lead * Math.exp(l)
    const hosts = chance.follow * Math.exp(f) + leads
    add(soft, at.p, b, hosts)
    if (leads > 0) addLed(soft, at.p, b, leads)
  }
}

/** Merges "stay" with the group of the slot's own rack and the open racks, against a common reference. */
function closeSlot(soft: SoftChoice, j: number): void {
  const { slots, temperature, open: openGroup } = soft
  const ownGroup = soft.own[j]!
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
  const { problem, usedRack } = soft
  const { dense } = problem
  const from = dense.offset[p]!
  const tick = ++soft.tick
  for (let j = 0; j < count; j++) usedRack[dense.rackOf[dense.replicas[from + j]!]!] = tick
  clear(soft.open)
  for (let g = 0; g < usedRack.length; g++) if (usedRack[g] !== tick) gather(soft, p, g, soft.open)
  for (let j = 0; j < count; j++) {
    clear(soft.own[j]!)
    gather(soft, p, dense.rackOf[dense.replicas[from + j]!]!, soft.own[j]!)
    closeSlot(soft, j)
  }
  const cost = chooseLeader(soft, count, dense.leader[p]! >= 0)
  shareOut(soft, p, count)
  return cost
}

/** Adds the expected loads of a partition that may move, from the sums that its slots were closed with. */
function shareOut(soft: SoftChoice, p: number, count: number): void {
  const { slots, usedRack, temperature, open, chance } = soft
  const { dense } = soft.problem
  const from = dense.offset[p]!
  let openFollow = 0
  let openLead = 0
  for (let j = 0; j < count; j++) {
    const b = dense.replicas[from + j]!
    const own = soft.own[j]!
    const f = (1 - slots.leads[j]!) / slots.sumFollow[j]!
    const l = slots.leads[j]! / slots.sumLead[j]!
    const refF = slots.refFollow[j]!
    const refL = slots.refLead[j]!
    const leads = l * Math.exp((refL - slots.stayFollow[j]! - slots.stayLead[j]!) / temperature)
    add(soft, p, b, f * Math.exp((refF - slots.stayFollow[j]!) / temperature) + leads)
    if (leads > 0) addLed(soft, p, b, leads)
    openFollow += f * Math.exp((refF - open.refFollow) / temperature)
    openLead += l * Math.exp((refL - open.refLead) / temperature)
    chance.follow = f * Math.exp((refF - own.refFollow) / temperature)
    chance.lead = l * Math.exp((refL - own.refLead) / temperature)
    if (chance.follow + chance.lead > LEAST_CHANCE) scatter(soft, { p, g: dense.rackOf[b]! }, own)
  }
  chance.follow = openFollow
  chance.lead = openLead
  if (openFollow + openLead <= LEAST_CHANCE) return
  const tick = soft.tick
  for (let g = 0; g < usedRack.length; g++) if (usedRack[g] !== tick) scatter(soft, { p, g }, open)
}
