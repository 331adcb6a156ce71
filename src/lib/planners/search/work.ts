import { indexMembers, type Members } from './members.js'
import type { SearchProblem } from './problem.js'
import { initialState, type SearchState } from './state.js'

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
export interface Work extends Members {
  readonly problem: SearchProblem
  readonly state: SearchState
  /** Price per unit of load, one row of brokers per resource. */
  readonly prices: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly limit: Float64Array
  /** What passing the upper bound costs at once. */
  readonly step: Float64Array
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
  /** Per partition: 1 while it is left as it is, after a detour has moved it. */
  readonly resting: Uint8Array
  /** Brokers that a repair looks at, as last chosen. */
  reach: ChosenReach | null
  /** Undo log: see {@link undoTo}. */
  readonly log: number[]
  /** Answer of the last {@link weigh}. */
  readonly out: { violation: number; bytes: number; priced: number; moves: number }
}

/** A change of one partition: `slot` (-1: none) goes to broker `to`; `lead` (-1: nobody) leads afterwards. */
export interface Change {
  p: number
  slot: number
  to: number
  lead: number
}

/** The assignment of the snapshot with nothing changed yet, and prices to weigh changes by. */
export function createWork(problem: SearchProblem, prices: Float64Array): Work {
  const { resources, dense } = problem
  const brokers = dense.brokers.length
  const rows = resources.length * brokers
  const state = initialState(problem)
  const index = indexMembers(state.replicas, dense.offset, brokers)
  const work: Work = {
    // Field by field: an object that begins with a spread is several times slower to read.
    members: index.members,
    position: index.position,
    partitionOf: index.partitionOf,
    problem,
    state,
    prices,
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    limit: new Float64Array(rows),
    step: new Float64Array(rows),
    inverse: new Float64Array(rows),
    led: resources.map((resource) => resource.led),
    violation: 0,
    bytes: 0,
    moves: 0,
    budget: { bytes: Infinity, moves: Infinity },
    changes: 0,
    effort: 0,
    resting: new Uint8Array(problem.moveCost.length),
    reach: null,
    arriving: { disk: new Float64Array(brokers), in: new Float64Array(brokers) },
    log: [],
    out: { violation: 0, bytes: 0, priced: 0, moves: 0 },
  }
  for (let r = 0; r < resources.length; r++) {
    const resource = resources[r]!
    for (let b = 0; b < brokers; b++) {
      work.high[r * brokers + b] = resource.high[b]!
      work.low[r * brokers + b] = resource.low[b]!
      work.limit[r * brokers + b] = resource.limit[b]!
      work.step[r * brokers + b] = resource.wanted ? 0 : FIRM_STEP
      work.inverse[r * brokers + b] = resource.scale[b]! > 0 ? 1 / resource.scale[b]! : 0
    }
  }
  work.violation = totalViolation(work)
  return work
}

/** How much more it counts to be over a limit than to be outside the band. */
const LIMIT_WEIGHT = 30
/** What it costs at once to pass a limit that is not itself a goal: nothing that is a goal is worth it. */
const FIRM_STEP = 1000

/** Distance of a load from the bounds of its row; what is over a limit weighs more than anything else. */
export function violationOf(work: Work, row: number, load: number): number {
  const over = load - work.high[row]!
  if (over > 0)
    return (
      (over + LIMIT_WEIGHT * Math.max(0, load - work.limit[row]!)) * work.inverse[row]! +
      work.step[row]!
    )
  const under = work.low[row]! - load
  return under > 0 ? under * work.inverse[row]! : 0
}

/** Sum of {@link violationOf} over all rows. */
export function totalViolation(work: Work): number {
  let sum = 0
  for (let row = 0; row < work.high.length; row++)
    sum += violationOf(work, row, work.state.load[row]!)
  return sum
}
