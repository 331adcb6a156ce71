import { shortlist } from './candidates.js'
import { currentReach } from './reach.js'
import { repair, worstRow, type RepairLimits } from './repair.js'
import { apply, undoTo } from './weigh.js'
import type { Work } from './work.js'

/** Detours tried, how many of them without any gain, and for how many a partition that was moved stays where it is. */
const DETOURS = 300
const PATIENCE = 50
/** How much farther than usual is looked once rows are stuck. */
const WIDER = 5
const REST = 12
const LEAST_GAIN = 1e-9

/**
 * Repairs; where no single change helps any more, makes the least harmful one for the worst row, repairs what that upset,
 * and lets the partition rest for a while so that it is not simply put back. Ends in the least violating assignment seen.
 */
export function repairByDetours(work: Work, usual: RepairLimits): boolean {
  if (repair(work, usual)) return true
  const limits = { ...usual, width: usual.width * WIDER }
  if (repair(work, limits)) return true
  const brokers = work.problem.dense.brokers.length
  const resting: number[] = []
  const hopeless = new Set<number>()
  let mark = work.log.length
  let least = work.violation
  let idle = 0
  for (let detour = 0; detour < DETOURS && idle < PATIENCE; detour++) {
    idle++
    const row = worstRow(work, hopeless)
    if (row < 0) break
    const at = { r: Math.floor(row / brokers), b: row % brokers }
    const [change] = shortlist(work, at, currentReach(work, limits.width), {
      limit: 1,
      detour: true,
    })
    if (change === undefined) {
      hopeless.add(row)
      continue
    }
    apply(work, change)
    work.resting[change.p] = 1
    resting.push(change.p)
    if (resting.length > REST) work.resting[resting.shift()!] = 0
    repair(work, limits)
    if (work.violation < least - LEAST_GAIN) {
      least = work.violation
      mark = work.log.length
      idle = 0
    }
    if (least <= LEAST_GAIN) break
  }
  work.resting.fill(0)
  undoTo(work, mark)
  return worstRow(work, new Set()) < 0
}
