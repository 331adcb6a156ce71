import { scoreOf, shortlist, type Candidate } from './candidates.js'
import { currentReach } from './reach.js'
import { holds, mayPlace } from './may-place.js'
import { apply, isAffordable, weigh } from './weigh.js'
import { violationOf, type Work } from './work.js'

/** Bounds of a repair; none of them is a clock. */
export interface RepairLimits {
  /** Most changes made. */
  readonly changes: number
  /** Targets looked at in each rack for each resource; 0 means that only leadership may change. */
  readonly width: number
  /** Changes made between two looks at the whole cluster. */
  readonly batch: number
  /** Gives up when the bytes moved exceed this. */
  readonly maxBytes: number
}

const LEAST_VIOLATION = 1e-10
/** How much dearer a change of a batch may have become since it was listed. */
const DRIFT = 1.25

/** The row farthest outside its bounds, -1 when all are inside; rows of `stuck` do not count. */
export function worstRow(work: Work, stuck: ReadonlySet<number>): number {
  let worst = -1
  let most = LEAST_VIOLATION
  for (let row = 0; row < work.high.length; row++) {
    if (stuck.has(row)) continue
    const size = violationOf(work, row, work.state.load[row]!)
    if (size > most) {
      most = size
      worst = row
    }
  }
  return worst
}

/** Whether a change that was listed is still possible: others of its batch may have taken room, or moved it already. */
function isPossible(work: Work, { p, slot, to, lead }: Candidate): boolean {
  const { offset } = work.problem.dense
  if (slot >= 0 && !mayPlace(work, p, slot, to)) return false
  if (lead < 0 || lead === to) return true
  return holds(work, p, lead) && (slot < 0 || work.state.replicas[offset[p]! + slot] !== lead)
}

/** Makes listed changes while the row needs them and they are still worth what they were. */
function applyBatch(work: Work, row: number, items: readonly Candidate[]): number {
  let made = 0
  for (const item of items) {
    if (violationOf(work, row, work.state.load[row]!) <= LEAST_VIOLATION) break
    if (!isPossible(work, item)) continue
    weigh(work, item)
    if (!isAffordable(work)) continue
    const now = scoreOf(work)
    const worth = item.score > 0 ? now <= item.score * DRIFT : now <= item.score / DRIFT
    if (now === Infinity || (made > 0 && !worth)) continue
    apply(work, item)
    made++
  }
  return made
}

const MOST_IN_BATCH = 256

/** How many changes of a mean partition a row needs: all of them at once for counts, a part where partitions differ. */
function batchFor(work: Work, row: number, r: number): number {
  const { resources, dense } = work.problem
  const brokers = dense.brokers.length
  const { name, led } = resources[r]!
  let total = 0
  for (let b = 0; b < brokers; b++) total += work.state.load[r * brokers + b]!
  const mean = total / Math.max(1, led ? dense.source.length : dense.replicas.length)
  const needed =
    violationOf(work, row, work.state.load[row]!) / (work.inverse[row]! * Math.max(mean, 1e-9))
  const share = name === 'leaders' || name === 'replicas' ? 1 : SHARE_IN_BATCH
  return Math.min(MOST_IN_BATCH, Math.ceil(needed * share))
}
const SHARE_IN_BATCH = 0.25

/**
 * Brings all rows inside their bounds: again and again the worst row is given its cheapest helpful changes. Rows for which
 * nothing helps wait until something else has changed. Returns true when no violation is left.
 */
export function repair(work: Work, limits: RepairLimits): boolean {
  const brokers = work.problem.dense.brokers.length
  const stuck = new Set<number>()
  let reach = currentReach(work, limits.width)
  for (let made = 0; made < limits.changes;) {
    const row = worstRow(work, stuck)
    if (row < 0) break
    const at = { r: Math.floor(row / brokers), b: row % brokers }
    const batch = Math.max(limits.batch, batchFor(work, row, at.r))
    const done = applyBatch(work, row, shortlist(work, at, reach, { limit: batch }))
    if (work.bytes > limits.maxBytes) return false
    if (done === 0) {
      stuck.add(row)
      continue
    }
    made += done
    stuck.clear()
    reach = currentReach(work, limits.width)
  }
  return worstRow(work, new Set()) < 0
}
