import { holds, isOriginal, mayPlace } from './may-place.js'
import { bestAssignment, type Pricer } from './pricing.js'
import { apply } from './weigh.js'
import type { Work } from './work.js'

/**
 * Gives every partition the replica list that is cheapest at the prices, where that beats staying by `margin` (a share of
 * what a move costs); leadership follows only where it has to.
 */
export function applyPricedChoices(work: Work, pricer: Pricer, margin: number): void {
  const { dense, mustSpread, moveCost } = work.problem
  for (let p = 0; p < dense.source.length; p++) {
    if (mustSpread?.[p] === 1) continue
    bestAssignment(pricer, p)
    if (pricer.stays - pricer.bound < margin * moveCost[p]!) continue
    const count = dense.offset[p + 1]! - dense.offset[p]!
    for (let k = 0; k < count; k++) {
      const to = pricer.list[k]!
      if (isOriginal(work.problem, p, to)) continue
      const slot = slotFor(work, pricer, p, to)
      if (slot >= 0 && mayPlace(work, p, slot, to))
        apply(work, { p, slot, to, lead: leaderWith(work, pricer, p, { slot, to }) })
    }
  }
}

/** Who leads once a slot went to `to`: as the choice says where that is new or already there, else as before. */
function leaderWith(
  work: Work,
  pricer: Pricer,
  p: number,
  { slot, to }: { readonly slot: number; readonly to: number },
): number {
  const leadNow = work.state.leader[p]!
  if (leadNow < 0) return -1
  const leaving = work.state.replicas[work.problem.dense.offset[p]! + slot]!
  if (pricer.leader === to) return to
  if (leadNow !== leaving) return leadNow
  return pricer.leader !== leaving && holds(work, p, pricer.leader) ? pricer.leader : to
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
