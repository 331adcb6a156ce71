import { FREEDOM, type SearchProblem } from './problem.js'
import { addHosted, addLed, initialState, type SearchState } from './state.js'

/** Brokers worth a look: those that replicas may go to, and per resource those that can give some up. */
export interface Reach {
  readonly outlets: readonly number[]
  readonly donors: readonly (readonly number[])[]
}

/** A reach with the width it was chosen for, and after how many changes. */
export interface ChosenReach extends Reach {
  readonly width: number
  readonly at: number
}

/** What the local search works on: the assignment, its bounds laid out flat, and what has been changed. */
export interface Work {
  readonly problem: SearchProblem
  readonly state: SearchState
  /** Price per unit of load, one row of brokers per resource. */
  readonly prices: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  /** 1 / scale; 0 where a row has no bounds at all. */
  readonly inverse: Float64Array
  readonly led: readonly boolean[]
  /** Sum over rows of the distance from the bounds, in scales. */
  violation: number
  bytes: number
  /** New replicas so far. */
  moves: number
  /** What may be spent; infinite without a budget. */
  readonly budget: { bytes: number; moves: number }
  /** Changes made (and unmade) so far. */
  changes: number
  /** Changes weighed so far: the measure of effort, so that no search stops by the clock. */
  effort: number
  /** Per broker: bytes of copies on their way to it, and what they bring in per second. */
  readonly arriving: { readonly disk: Float64Array; readonly in: Float64Array }
  /** Brokers that a repair looks at, as last chosen. */
  reach: ChosenReach | null
  /** Per broker the entries of `state.replicas` that name it, and where in that list each entry stands. */
  readonly members: number[][]
  readonly position: Int32Array
  readonly partitionOf: Int32Array
  /** Undo log: see {@link undoTo}. */
  readonly log: number[]
  /** Answer of the last {@link weigh}. */
  readonly out: { violation: number; bytes: number; priced: number; moves: number }
}

/** The assignment of the snapshot with nothing changed yet, and prices to weigh changes by. */
export function createWork(problem: SearchProblem, prices: Float64Array): Work {
  const { resources, dense } = problem
  const brokers = dense.brokers.length
  const rows = resources.length * brokers
  const work: Work = {
    problem,
    state: initialState(problem),
    prices,
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    inverse: new Float64Array(rows),
    led: resources.map((resource) => resource.led),
    violation: 0,
    bytes: 0,
    moves: 0,
    budget: { bytes: Infinity, moves: Infinity },
    changes: 0,
    effort: 0,
    reach: null,
    arriving: { disk: new Float64Array(brokers), in: new Float64Array(brokers) },
    members: Array.from({ length: brokers }, () => []),
    position: new Int32Array(dense.replicas.length),
    partitionOf: new Int32Array(dense.replicas.length),
    log: [],
    out: { violation: 0, bytes: 0, priced: 0, moves: 0 },
  }
  for (let r = 0; r < resources.length; r++) {
    const resource = resources[r]!
    for (let b = 0; b < brokers; b++) {
      work.high[r * brokers + b] = resource.high[b]!
      work.low[r * brokers + b] = resource.low[b]!
      work.inverse[r * brokers + b] = resource.scale[b]! > 0 ? 1 / resource.scale[b]! : 0
    }
  }
  work.violation = totalViolation(work)
  indexMembers(work)
  return work
}

function indexMembers(work: Work): void {
  const { offset } = work.problem.dense
  for (let p = 0; p + 1 < offset.length; p++)
    for (let i = offset[p]!; i < offset[p + 1]!; i++) {
      work.partitionOf[i] = p
      addMember(work, i)
    }
}

function addMember(work: Work, i: number): void {
  const list = work.members[work.state.replicas[i]!]!
  work.position[i] = list.length
  list.push(i)
}

function removeMember(work: Work, i: number): void {
  const list = work.members[work.state.replicas[i]!]!
  const last = list.pop()!
  if (last === i) return
  list[work.position[i]!] = last
  work.position[last] = work.position[i]!
}

/** Distance of a load from the bounds of its row. */
export function violationOf(work: Work, row: number, load: number): number {
  const over = load - work.high[row]!
  if (over > 0) return over * work.inverse[row]!
  const under = work.low[row]! - load
  return under > 0 ? under * work.inverse[row]! : 0
}

export function totalViolation(work: Work): number {
  let sum = 0
  for (let row = 0; row < work.high.length; row++)
    sum += violationOf(work, row, work.state.load[row]!)
  return sum
}

export function isOriginal(problem: SearchProblem, p: number, b: number): boolean {
  const { offset, replicas } = problem.dense
  for (let i = offset[p]!; i < offset[p + 1]!; i++) if (replicas[i] === b) return true
  return false
}

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

/** Whether a slot's replica stood on a broker that must be left. */
function isLeaving(work: Work, p: number, slot: number): boolean {
  const { dense, mustLeave } = work.problem
  return mustLeave?.[dense.replicas[dense.offset[p]! + slot]!] === 1
}

/** Whether `to` may take over slot `slot` of partition `p`. */
export function mayPlace(work: Work, p: number, slot: number, to: number): boolean {
  const { problem } = work
  if (problem.freedom[p] !== FREEDOM.replicas || holds(work, p, to)) return false
  if (problem.onlyLeaving === true && !isLeaving(work, p, slot)) return false
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
export function weigh(work: Work, p: number, slot: number, to: number, lead: number): void {
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
export function apply(work: Work, p: number, slot: number, to: number, lead: number): void {
  const { problem, state } = work
  const { dense } = problem
  weigh(work, p, slot, to, lead)
  const a = slot < 0 ? -1 : state.replicas[dense.offset[p]! + slot]!
  work.log.push(p, slot, a, state.leader[p]!)
  change(work, p, slot, to, lead)
}

function change(work: Work, p: number, slot: number, to: number, lead: number): void {
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
    removeMember(work, at)
    state.replicas[at] = to
    addMember(work, at)
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
    weigh(work, p, slot, to, lead)
    change(work, p, slot, to, lead)
  }
}
