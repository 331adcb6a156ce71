import { FREEDOM } from './problem.js'
import {
  holds,
  isAffordable,
  isOriginal,
  mayLead,
  mayPlace,
  weigh,
  type Reach,
  type Work,
} from './work.js'

/** A change of one partition: `slot` (-1: none) goes to broker `to`; `lead` leads afterwards. */
export interface Candidate {
  readonly p: number
  readonly slot: number
  readonly to: number
  readonly lead: number
  /** Priced cost per violation removed; lower is better. */
  readonly score: number
}

/** The best candidates for one row, at most one a partition. */
export interface Shortlist {
  readonly items: Candidate[]
  readonly limit: number
  /** Best candidate of the partition under the loop. */
  best: Candidate | null
  /** Not null: changes may upset other rows; the least harmful counts, and partitions marked here are left out. */
  readonly barred: Uint8Array | null
}

const LEAST_GAIN = 1e-10
/** How much a byte counts against violation where any way out is sought: only between equals. */
const HARM_OF_COST = 1e-18

/** Priced cost per violation removed; infinite when nothing is removed. Uses the last weighing. */
export function scoreOf(work: Work): number {
  const gain = -work.out.violation
  if (gain < LEAST_GAIN) return Infinity
  return work.out.priced > 0 ? work.out.priced / gain : work.out.priced * gain
}

function consider(
  work: Work,
  list: Shortlist,
  p: number,
  slot: number,
  to: number,
  lead: number,
): void {
  weigh(work, p, slot, to, lead)
  if (!isAffordable(work)) return
  const score =
    list.barred === null
      ? scoreOf(work)
      : list.barred[p] === 1
        ? Infinity
        : work.out.violation + HARM_OF_COST * Math.max(0, work.out.priced)
  if (score < (list.best?.score ?? Infinity)) list.best = { p, slot, to, lead, score }
}

function considerLeaders(work: Work, list: Shortlist, p: number, slot: number, to: number): void {
  const { dense } = work.problem
  const leadNow = work.state.leader[p]!
  if (leadNow < 0) {
    if (slot >= 0) consider(work, list, p, slot, to, -1)
    return
  }
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  for (let j = 0; j < count; j++) {
    const b = j === slot ? to : work.state.replicas[from + j]!
    if (slot < 0 && b === leadNow) continue
    if (mayLead(work.problem, p, b)) consider(work, list, p, slot, to, b)
  }
}

function considerPlacing(work: Work, list: Shortlist, p: number, slot: number, to: number): void {
  if (mayPlace(work, p, slot, to)) considerLeaders(work, list, p, slot, to)
}

function close(list: Shortlist): void {
  const { best, items, limit } = list
  list.best = null
  if (best === null) return
  if (items.length === limit && best.score >= items[limit - 1]!.score) return
  if (items.length === limit) items.pop()
  let at = items.length
  while (at > 0 && items[at - 1]!.score > best.score) at--
  items.splice(at, 0, best)
}

/** Whether broker `b` can give up so much of resource `r` without falling out of its bounds: else nothing is gained. */
function spares(work: Work, list: Shortlist, r: number, b: number, weight: number): boolean {
  if (list.barred !== null || b < 0) return true
  const row = r * work.problem.dense.brokers.length + b
  return work.state.load[row]! - weight >= work.low[row]! || work.state.load[row]! > work.high[row]!
}

/** Whether broker `b` can take so much of resource `r` without leaving its bounds. */
function takes(work: Work, list: Shortlist, r: number, b: number, weight: number): boolean {
  if (list.barred !== null) return true
  const row = r * work.problem.dense.brokers.length + b
  return work.state.load[row]! + weight <= work.high[row]! || work.state.load[row]! < work.low[row]!
}

/** Changes that take load of resource `r` off broker `b`. */
function listRelief(work: Work, list: Shortlist, row: Row, reach: Reach): void {
  const { dense, resources, freedom } = work.problem
  const { led, weight } = resources[row.r]!
  for (const i of work.members[row.b]!) {
    const p = work.partitionOf[i]!
    if (freedom[p] === FREEDOM.none || weight[p] === 0) continue
    if (led && work.state.leader[p] !== row.b) continue
    if (led) considerLeaders(work, list, p, -1, -1)
    if (freedom[p] === FREEDOM.replicas && reach.outlets.length > 0) {
      const slot = i - dense.offset[p]!
      for (let k = dense.offset[p]!; k < dense.offset[p + 1]!; k++)
        considerPlacing(work, list, p, slot, dense.replicas[k]!)
      for (const to of reach.outlets)
        if (led || takes(work, list, row.r, to, weight[p]!))
          considerPlacing(work, list, p, slot, to)
    }
    close(list)
  }
}

/** Changes that bring load of resource `r` to broker `b`: leadership of what it holds, then replicas of the donors. */
function listFilling(work: Work, list: Shortlist, row: Row, reach: Reach): void {
  const { dense, resources, freedom, target } = work.problem
  const { leader } = work.state
  const { led, weight } = resources[row.r]!
  if (led)
    for (const i of work.members[row.b]!) {
      const p = work.partitionOf[i]!
      if (freedom[p] === FREEDOM.none || weight[p] === 0) continue
      if (leader[p] === row.b || leader[p]! < 0 || !mayLead(work.problem, p, row.b)) continue
      consider(work, list, p, -1, -1, row.b)
      close(list)
    }
  for (const donor of reach.donors[row.r]!) {
    if (donor === row.b) continue
    for (const i of work.members[donor]!) {
      const p = work.partitionOf[i]!
      if (freedom[p] !== FREEDOM.replicas || weight[p] === 0) continue
      if (led && leader[p] !== donor) continue
      if (!spares(work, list, row.r, donor, weight[p]!)) continue
      if (target[row.b] !== 1 && !isOriginal(work.problem, p, row.b)) continue
      const slot = i - dense.offset[p]!
      considerPlacing(work, list, p, slot, row.b)
      if (led)
        for (let j = 0; j < dense.offset[p + 1]! - dense.offset[p]!; j++)
          if (j !== slot) considerPlacing(work, list, p, j, row.b)
      close(list)
    }
  }
}

/** A resource on a broker. */
export interface Row {
  readonly r: number
  readonly b: number
}

/**
 * The `limit` changes that bring row (`r`, `b`) nearer to its bounds at the least priced cost, best first. `reach` says
 * which brokers are looked at; with no outlets and no donors only leadership changes.
 */
export function shortlist(
  work: Work,
  row: Row,
  reach: Reach,
  limit: number,
  barred: Uint8Array | null = null,
): readonly Candidate[] {
  const list: Shortlist = { items: [], limit, best: null, barred }
  const at = row.r * work.problem.dense.brokers.length + row.b
  if (work.state.load[at]! > work.high[at]!) listRelief(work, list, row, reach)
  else listFilling(work, list, row, reach)
  return list.items
}
