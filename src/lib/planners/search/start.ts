import { bestAssignment, type Pricer } from './pricing.js'
import { apply, holds, isOriginal, mayPlace, type Work } from './work.js'

/**
 * Gives every partition the replica list that is cheapest at the prices, where that beats staying by `margin` (a share of
 * what a move costs); leadership follows only where it has to.
 */
export function applyPricedChoices(work: Work, pricer: Pricer, margin: number): void {
  const { dense } = work.problem
  for (let p = 0; p < dense.source.length; p++) {
    bestAssignment(pricer, p)
    if (pricer.stays - pricer.bound < margin * work.problem.moveCost[p]!) continue
    const from = dense.offset[p]!
    const count = dense.offset[p + 1]! - from
    for (let k = 0; k < count; k++) {
      const to = pricer.list[k]!
      if (isOriginal(work.problem, p, to)) continue
      const slot = slotFor(work, pricer, p, to)
      if (slot < 0 || !mayPlace(work, p, slot, to)) continue
      const leaving = work.state.replicas[from + slot]!
      const leadNow = work.state.leader[p]!
      const leads = pricer.leader === to || leadNow === leaving
      const next =
        pricer.leader !== to && holds(work, p, pricer.leader) && pricer.leader !== leaving
      apply(work, p, slot, to, leads ? (next ? pricer.leader : leadNow < 0 ? -1 : to) : leadNow)
    }
  }
}

/** The slot that makes room for `to`: one that the choice gives up, in the same rack where there is one. */
function slotFor(work: Work, pricer: Pricer, p: number, to: number): number {
  const { dense } = work.problem
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  let found = -1
  for (let j = 0; j < count; j++) {
    const b = work.state.replicas[from + j]!
    if (keeps(pricer, count, b)) continue
    if (dense.rackOf[b] === dense.rackOf[to]) return j
    if (found < 0) found = j
  }
  return found
}

function keeps(pricer: Pricer, count: number, b: number): boolean {
  for (let k = 0; k < count; k++) if (pricer.list[k] === b) return true
  return false
}
