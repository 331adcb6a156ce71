import { FREEDOM } from './problem.js'
import { isOriginal, mayLead, mayPlace } from './may-place.js'
import { isAffordable, weigh } from './weigh.js'
import type { Change, Reach, Work } from './work.js'

/** A change that helps, and how much. */
export interface Candidate extends Readonly<Change> {
  /** Priced cost per violation removed; lower is better. */
  readonly score: number
}

/** The best candidates for one row, at most one a partition. */
export interface Shortlist {
  readonly items: Candidate[]
  readonly limit: number
  /** Best change of the partition under the loop; an infinite score while there is none. */
  readonly best: { -readonly [Part in keyof Candidate]: Candidate[Part] }
  /** The change being tried. */
  readonly trial: Change
  /** True: changes may upset other rows, and the least harmful counts. */
  readonly detour: boolean
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

/** Weighs the trial and keeps it when it beats what was found for its partition. */
function consider(work: Work, list: Shortlist): void {
  const { trial } = list
  if (work.resting[trial.p] === 1) return
  weigh(work, trial)
  if (!isAffordable(work)) return
  const score = list.detour
    ? work.out.violation + HARM_OF_COST * Math.max(0, work.out.priced)
    : scoreOf(work)
  if (score >= list.best.score) return
  // Part by part: a spread would cost more than the weighing.
  list.best.p = trial.p
  list.best.slot = trial.slot
  list.best.to = trial.to
  list.best.lead = trial.lead
  list.best.score = score
}

/** Tries the trial with every leader that the partition may have then. */
function considerLeaders(work: Work, list: Shortlist): void {
  const { trial } = list
  const { p, slot, to } = trial
  const { dense } = work.problem
  const leadNow = work.state.leader[p]!
  if (leadNow < 0) {
    trial.lead = -1
    if (slot >= 0) consider(work, list)
    return
  }
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  for (let j = 0; j < count; j++) {
    const b = j === slot ? to : work.state.replicas[from + j]!
    if ((slot < 0 && b === leadNow) || !mayLead(work.problem, p, b)) continue
    trial.lead = b
    consider(work, list)
  }
}

function considerLeading(work: Work, list: Shortlist, p: number): void {
  list.trial.p = p
  list.trial.slot = -1
  list.trial.to = -1
  considerLeaders(work, list)
}

/** Tries to place a slot of the trial's partition on `to`. */
function considerPlacing(work: Work, list: Shortlist, slot: number, to: number): void {
  if (!mayPlace(work, list.trial.p, slot, to)) return
  list.trial.slot = slot
  list.trial.to = to
  considerLeaders(work, list)
}

/** Takes the best change of the partition under the loop into the list, if it is good enough. */
function close(list: Shortlist): void {
  const { best, items, limit } = list
  const { p, slot, to, lead, score } = best
  best.score = Infinity
  if (score === Infinity) return
  if (items.length === limit && score >= items[limit - 1]!.score) return
  if (items.length === limit) items.pop()
  let at = items.length
  while (at > 0 && items[at - 1]!.score > score) at--
  items.splice(at, 0, { p, slot, to, lead, score })
}

/** Whether broker `b` can give up so much of resource `r` without falling out of its bounds: else nothing is gained. */
function spares(work: Work, list: Shortlist, { r, b }: Row, weight: number): boolean {
  if (list.detour || b < 0) return true
  const row = r * work.problem.dense.brokers.length + b
  return work.state.load[row]! - weight >= work.low[row]! || work.state.load[row]! > work.high[row]!
}

/** Whether broker `b` can take so much of resource `r` without leaving its bounds. */
function takes(work: Work, list: Shortlist, { r, b }: Row, weight: number): boolean {
  if (list.detour) return true
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
    list.trial.p = p
    if (led) considerLeading(work, list, p)
    if (freedom[p] === FREEDOM.replicas && reach.outlets.length > 0) {
      const slot = i - dense.offset[p]!
      for (let k = dense.offset[p]!; k < dense.offset[p + 1]!; k++)
        considerPlacing(work, list, slot, dense.replicas[k]!)
      for (const to of reach.outlets)
        if (led || takes(work, list, { r: row.r, b: to }, weight[p]!))
          considerPlacing(work, list, slot, to)
    }
    close(list)
  }
}

/** Leadership of what broker `b` holds. */
function listLeading(work: Work, list: Shortlist, row: Row): void {
  const { resources, freedom } = work.problem
  const { leader } = work.state
  for (const i of work.members[row.b]!) {
    const p = work.partitionOf[i]!
    if (freedom[p] === FREEDOM.none || resources[row.r]!.weight[p] === 0) continue
    if (leader[p] === row.b || leader[p]! < 0 || !mayLead(work.problem, p, row.b)) continue
    list.trial.p = p
    list.trial.slot = -1
    list.trial.to = -1
    list.trial.lead = row.b
    consider(work, list)
    close(list)
  }
}

/** Replicas of `donor` that broker `b` could take over; of what is led there, any slot, with the leadership. */
function listTaking(work: Work, list: Shortlist, row: Row, donor: number): void {
  const { dense, resources, freedom, target } = work.problem
  const { led, weight } = resources[row.r]!
  for (const i of work.members[donor]!) {
    const p = work.partitionOf[i]!
    if (freedom[p] !== FREEDOM.replicas || weight[p] === 0) continue
    if (led && work.state.leader[p] !== donor) continue
    if (!spares(work, list, { r: row.r, b: donor }, weight[p]!)) continue
    if (target[row.b] !== 1 && !isOriginal(work.problem, p, row.b)) continue
    const own = i - dense.offset[p]!
    list.trial.p = p
    const count = dense.offset[p + 1]! - dense.offset[p]!
    for (let slot = 0; slot < count; slot++)
      if (led || slot === own) considerPlacing(work, list, slot, row.b)
    close(list)
  }
}

/** Changes that bring load of resource `r` to broker `b`: leadership of what it holds, then replicas of the donors. */
function listFilling(work: Work, list: Shortlist, row: Row, reach: Reach): void {
  if (work.led[row.r]!) listLeading(work, list, row)
  for (const donor of reach.donors[row.r]!) if (donor !== row.b) listTaking(work, list, row, donor)
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
  options: { readonly limit: number; readonly detour?: boolean },
): readonly Candidate[] {
  const list: Shortlist = {
    items: [],
    limit: options.limit,
    best: { p: 0, slot: -1, to: -1, lead: -1, score: Infinity },
    trial: { p: 0, slot: -1, to: -1, lead: -1 },
    detour: options.detour ?? false,
  }
  const at = row.r * work.problem.dense.brokers.length + row.b
  if (work.state.load[at]! > work.high[at]!) listRelief(work, list, row, reach)
  else listFilling(work, list, row, reach)
  return list.items
}
