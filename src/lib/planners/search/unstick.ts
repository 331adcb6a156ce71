import { shortlist } from './candidates.js'
import { currentReach } from './reach.js'
import { repair, worstRow, type RepairLimits } from './repair.js'
import { apply, undoTo } from './weigh.js'
import type { Work } from './work.js'

/** Detours tried per row that is stuck, and for how many of them a partition that was moved stays where it is. */
const DETOURS = 60
const REST = 12
const LEAST_GAIN = 1e-9

/**
 * Repairs; where no single change helps any more, makes the least harmful one for the worst row, repairs what that upset,
 * and lets the partition rest for a while so that it is not simply put back. Ends in the least violating assignment seen.
 */
export function repairByDetours(work: Work, limits: RepairLimits): boolean {
  if (repair(work, limits)) return true
  const brokers = work.problem.dense.brokers.length
  const barred = new Uint8Array(work.problem.moveCost.length)
  const resting: number[] = []
  const hopeless = new Set<number>()
  let mark = work.log.length
  let least = work.violation
  for (let detour = 0; detour < DETOURS; detour++) {
    const row = worstRow(work, hopeless)
    if (row < 0) break
    const at = { r: Math.floor(row / brokers), b: row % brokers }
    const [change] = shortlist(work, at, currentReach(work, limits.width), { limit: 1, barred })
    if (change === undefined) {
      hopeless.add(row)
      continue
    }
    apply(work, change)
    barred[change.p] = 1
    resting.push(change.p)
    if (resting.length > REST) barred[resting.shift()!] = 0
    repair(work, limits)
    if (work.violation < least - LEAST_GAIN) {
      least = work.violation
      mark = work.log.length
    }
  }
  undoTo(work, mark)
  return worstRow(work, new Set()) < 0
}
