import { mayLead, mayPlace } from './may-place.js'
import { apply, weigh } from './weigh.js'
import type { Change, Work } from './work.js'

/** How much a byte counts against violation when a place must be found in any case. */
const COST_WEIGHT = 1e-15

/** Whether slot `j` shares its rack with more replicas than its partition allows. */
function crowded(work: Work, p: number, j: number): boolean {
  const { dense, sharesRack } = work.problem
  const from = dense.offset[p]!
  const rack = dense.rackOf[work.state.replicas[from + j]!]
  let sharing = 0
  for (let i = from; i < dense.offset[p + 1]!; i++)
    if (dense.rackOf[work.state.replicas[i]!] === rack) sharing++
  return sharing > sharesRack[p]!
}

function tryLeaders(work: Work, trial: Change, best: Change & { score: number }): void {
  const { dense } = work.problem
  const from = dense.offset[trial.p]!
  const leadNow = work.state.leader[trial.p]!
  for (let j = 0; j < dense.offset[trial.p + 1]! - from; j++) {
    const b = j === trial.slot ? trial.to : work.state.replicas[from + j]!
    if (leadNow >= 0 && !mayLead(work.problem, trial.p, b)) continue
    trial.lead = leadNow < 0 ? -1 : b
    weigh(work, trial)
    const score = work.out.violation + COST_WEIGHT * work.out.priced
    if (score < best.score) Object.assign(best, trial, { score })
  }
}

/** Moves one replica of a partition out of a crowded rack, to where it does least harm. False when nobody may take it. */
function spreadOne(work: Work, p: number): boolean {
  const { dense, target } = work.problem
  const best = { p, slot: -1, to: -1, lead: -1, score: Infinity }
  for (let slot = 0; slot < dense.offset[p + 1]! - dense.offset[p]!; slot++) {
    if (!crowded(work, p, slot)) continue
    for (let to = 0; to < target.length; to++)
      if (target[to] === 1 && mayPlace(work, p, slot, to))
        tryLeaders(work, { p, slot, to, lead: -1 }, best)
  }
  if (best.slot < 0) return false
  apply(work, best)
  return true
}

/** Repairs the racks of every partition that must be spread; what nobody may take is left as it is. */
export function spreadRacks(work: Work): void {
  const { mustSpread, dense } = work.problem
  if (mustSpread === undefined) return
  for (let p = 0; p < mustSpread.length; p++) {
    if (mustSpread[p] !== 1) continue
    for (let j = 0; j < dense.offset[p + 1]! - dense.offset[p]!; j++)
      if (crowded(work, p, j) && !spreadOne(work, p)) break
  }
}
