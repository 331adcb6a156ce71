import { isOriginal } from './may-place.js'
import { addMember, removeMember } from './members.js'
import { addHosted, addLed } from './state.js'
import { violationOf, type Change, type Work } from './work.js'

function countArrival(work: Work, p: number, b: number, sign: number): void {
  if (isOriginal(work.problem, p, b)) return
  work.arriving.disk[b]! += sign * work.problem.dense.size[p]!
  work.arriving.in[b]! += sign * work.problem.dense.bytesIn[p]!
}

function shift(work: Work, row: number, amount: number): void {
  const load = work.state.load[row]!
  work.out.violation += violationOf(work, row, load + amount) - violationOf(work, row, load)
  work.out.priced += work.prices[row]! * amount
}

/** Weighs a change without making it: what it does to violation, bytes, and bytes plus priced loads. */
export function weigh(work: Work, { p, slot, to, lead }: Change): void {
  const { problem, state, out } = work
  const { dense, resources } = problem
  const brokers = dense.brokers.length
  work.effort++
  const a = slot < 0 ? -1 : state.replicas[dense.offset[p]! + slot]!
  const leadNow = state.leader[p]!
  out.violation = 0
  out.priced = 0
  out.moves = 0
  if (slot >= 0) {
    if (!isOriginal(problem, p, to)) out.moves++
    if (!isOriginal(problem, p, a)) out.moves--
  }
  out.bytes = out.moves * problem.moveCost[p]!
  for (let r = 0; r < resources.length; r++) {
    const weight = resources[r]!.weight[p]!
    if (weight === 0) continue
    if (work.led[r]) {
      if (leadNow === lead) continue
      shift(work, r * brokers + leadNow, -weight)
      shift(work, r * brokers + lead, weight)
    } else if (slot >= 0) {
      shift(work, r * brokers + a, -weight)
      shift(work, r * brokers + to, weight)
    }
  }
  out.priced += out.bytes
}

/** Whether the budget covers the change weighed last; what costs nothing is always covered. */
export function isAffordable(work: Work): boolean {
  const { out, budget } = work
  if (out.moves <= 0) return true
  return work.bytes + out.bytes <= budget.bytes && work.moves + out.moves <= budget.moves
}

/** Makes a change and logs how to take it back. */
export function apply(work: Work, made: Change): void {
  const { p, slot } = made
  const { problem, state } = work
  const { dense } = problem
  weigh(work, made)
  const a = slot < 0 ? -1 : state.replicas[dense.offset[p]! + slot]!
  work.log.push(p, slot, a, state.leader[p]!)
  change(work, made)
}

function change(work: Work, { p, slot, to, lead }: Change): void {
  const { problem, state, out } = work
  const { dense } = problem
  work.changes++
  work.violation += out.violation
  work.bytes += out.bytes
  work.moves += out.moves
  if (slot >= 0) {
    const at = dense.offset[p]! + slot
    addHosted(problem, state, { p, b: state.replicas[at]! }, -1)
    countArrival(work, p, state.replicas[at]!, -1)
    countArrival(work, p, to, 1)
    removeMember(work, at, state.replicas[at]!)
    state.replicas[at] = to
    addMember(work, at, to)
    addHosted(problem, state, { p, b: to }, 1)
  }
  const leadNow = state.leader[p]!
  if (leadNow !== lead) {
    addLed(problem, state, { p, b: leadNow }, -1)
    state.leader[p] = lead
    addLed(problem, state, { p, b: lead }, 1)
  }
}

/** Takes back all changes after the log had `length` entries. */
export function undoTo(work: Work, length: number): void {
  while (work.log.length > length) {
    const lead = work.log.pop()!
    const to = work.log.pop()!
    const slot = work.log.pop()!
    const p = work.log.pop()!
    const back = { p, slot, to, lead }
    weigh(work, back)
    change(work, back)
  }
}
