import { FREEDOM, type SearchProblem } from './problem.js'
import type { Work } from './work.js'

/** Whether broker `b` holds partition `p` in the snapshot. */
export function isOriginal(problem: SearchProblem, p: number, b: number): boolean {
  const { offset, replicas } = problem.dense
  for (let i = offset[p]!; i < offset[p + 1]!; i++) if (replicas[i] === b) return true
  return false
}

/** Whether broker `b` holds partition `p` now. */
export function holds(work: Work, p: number, b: number): boolean {
  const { offset } = work.problem.dense
  for (let i = offset[p]!; i < offset[p + 1]!; i++) if (work.state.replicas[i] === b) return true
  return false
}

/** Whether broker `b`, which holds or will hold partition `p`, may lead it. */
export function mayLead(problem: SearchProblem, p: number, b: number): boolean {
  const { dense, target } = problem
  if (b === dense.leader[p]) return true
  if (target[b] !== 1) return false
  for (let i = dense.offset[p]!; i < dense.offset[p + 1]!; i++)
    if (dense.replicas[i] === b) return dense.inSync[i] === 1
  return true
}

function distinctRacks(
  work: Work,
  p: number,
  list: Int32Array,
  swap: { readonly slot: number; readonly to: number },
): number {
  const { offset, rackOf } = work.problem.dense
  const from = offset[p]!
  const count = offset[p + 1]! - from
  let distinct = 0
  for (let j = 0; j < count; j++) {
    const rack = rackOf[j === swap.slot ? swap.to : list[from + j]!]!
    let seen = false
    for (let k = 0; k < j && !seen; k++)
      seen = rackOf[k === swap.slot ? swap.to : list[from + k]!]! === rack
    if (!seen) distinct++
  }
  return distinct
}

/** Whether slot `slot` of partition `p` may go to `to` under the rack rule; the broker must be new to the partition. */
export function rackAllows(work: Work, p: number, slot: number, to: number): boolean {
  const { dense, sharesRack } = work.problem
  const from = dense.offset[p]!
  const count = dense.offset[p + 1]! - from
  const limit = sharesRack[p]!
  const rack = dense.rackOf[to]!
  if (limit === 0) {
    const swap = { slot, to }
    const before = distinctRacks(work, p, dense.replicas, { slot: -1, to: -1 })
    return distinctRacks(work, p, work.state.replicas, swap) >= before
  }
  let sharing = 0
  for (let j = 0; j < count; j++)
    if (j !== slot && dense.rackOf[work.state.replicas[from + j]!] === rack) sharing++
  return sharing < limit
}

/** Whether `to` may take over slot `slot` of partition `p`. */
export function mayPlace(work: Work, p: number, slot: number, to: number): boolean {
  const { problem } = work
  if (problem.freedom[p] !== FREEDOM.replicas || holds(work, p, to)) return false
  if (problem.target[to] !== 1 && !isOriginal(problem, p, to)) return false
  if (!hasRoom(work, p, to)) return false
  return rackAllows(work, p, slot, to)
}

/** Whether a copy can arrive at `to` while everything that will leave it is still there. */
function hasRoom(work: Work, p: number, to: number): boolean {
  const { room, dense } = work.problem
  if (room === undefined || isOriginal(work.problem, p, to)) return true
  return (
    work.arriving.disk[to]! + dense.size[p]! <= room.disk[to]! &&
    work.arriving.in[to]! + dense.bytesIn[p]! <= room.in[to]!
  )
}
