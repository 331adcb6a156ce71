import { repair, type RepairLimits } from './repair.js'
import { holds, mayLead, mayPlace } from './may-place.js'
import { apply, undoTo, weigh } from './weigh.js'
import type { Work } from './work.js'

/** Bounds of an improvement. */
export interface ImproveLimits {
  readonly rounds: number
  /** Changes weighed at most, over all rounds. */
  readonly effort: number
  /** Bytes below which nothing more is tried: close enough to the proven bound. */
  readonly enough: number
  readonly repair: RepairLimits
}

/** Violation up to which an assignment counts as inside its bounds. */
const INSIDE = 1e-9

interface MovedSlot {
  readonly p: number
  readonly slot: number
  readonly home: number
  readonly bytes: number
}

/** Slots that hold a new broker, with the original broker that could take the slot back; dearest first. */
function movedSlots(work: Work): readonly MovedSlot[] {
  const { dense, moveCost } = work.problem
  const moved: MovedSlot[] = []
  for (let p = 0; p < moveCost.length; p++) {
    for (let i = dense.offset[p]!; i < dense.offset[p + 1]!; i++) {
      const home = dense.replicas[i]!
      if (work.state.replicas[i] !== home)
        moved.push({ p, slot: i - dense.offset[p]!, home, bytes: moveCost[p]! })
    }
  }
  return moved.sort((a, b) => b.bytes - a.bytes || a.p - b.p || a.slot - b.slot)
}

/** Puts a slot back home, led by whoever violates least. Returns false when the rules forbid it. */
function sendHome(work: Work, { p, slot, home }: MovedSlot): boolean {
  if (holds(work, p, home) || !mayPlace(work, p, slot, home)) return false
  const { offset } = work.problem.dense
  const from = offset[p]!
  const count = offset[p + 1]! - from
  let lead = work.state.leader[p]!
  if (lead >= 0) {
    let least = Infinity
    for (let j = 0; j < count; j++) {
      const b = j === slot ? home : work.state.replicas[from + j]!
      if (!mayLead(work.problem, p, b)) continue
      weigh(work, { p, slot, to: home, lead: b })
      if (work.out.violation < least) {
        least = work.out.violation
        lead = b
      }
    }
    if (least === Infinity) return false
  }
  apply(work, { p, slot, to: home, lead })
  return true
}

/**
 * Makes a valid assignment cheaper: takes moves back one by one, dearest first, and repairs what that upsets; keeps the
 * result when fewer bytes move and all bounds hold.
 */
export function improve(work: Work, limits: ImproveLimits): void {
  const end = work.effort + limits.effort
  for (let round = 0; round < limits.rounds; round++) {
    const before = work.bytes
    for (const moved of movedSlots(work)) {
      if (work.effort > end || work.bytes <= limits.enough) return
      const at = work.problem.dense.offset[moved.p]! + moved.slot
      if (work.state.replicas[at] === moved.home) continue
      const mark = work.log.length
      const bytes = work.bytes
      const cheaper = bytes * (1 - 1e-9)
      const whole = sendHome(work, moved) && repair(work, { ...limits.repair, maxBytes: cheaper })
      if (!whole || work.violation > INSIDE || work.bytes >= cheaper) undoTo(work, mark)
    }
    if (work.bytes > before * (1 - 1e-4)) return
  }
}
