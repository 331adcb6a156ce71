import { solveDual, type DualAnswer } from './dual.js'
import { improve } from './improve.js'
import type { SearchProblem } from './problem.js'
import { repair } from './repair.js'
import { keepLeaders } from './settle.js'
import { spreadRacks } from './spread-racks.js'
import { applyPricedChoices } from './start.js'
import { recountLoads } from './state.js'
import { repairByDetours } from './unstick.js'
import { createWork, totalViolation, violationOf, type Work } from './work.js'

/** Where a search ended. */
export interface Solution {
  readonly work: Work
  /** Proven lower bound of the bytes that meet all bounds; null when none was computed. */
  readonly bound: number | null
  /** False when the budget kept the search from what it would have done. */
  readonly withinBudget: boolean
}

/** How hard to try, by the number of replicas. All in counts, nothing by the clock. */
interface Effort {
  readonly margins: readonly number[]
  readonly width: number
  readonly batch: number
  readonly rounds: number
  readonly improveEffort: number
}

function effortFor(replicas: number): Effort {
  if (replicas <= 6_000)
    return { margins: [0, 0.05, 0.2], width: 3, batch: 8, rounds: 4, improveEffort: 4e6 }
  if (replicas <= 40_000)
    return { margins: [0.1], width: 3, batch: 16, rounds: 2, improveEffort: 1e7 }
  return { margins: [0.1], width: 2, batch: 24, rounds: 1, improveEffort: 6e6 }
}

const MOST_CHANGES = 5_000_000

/** Whether some broker is out of bounds in what its replicas bring, which no change of leaders can mend. */
function needsMoves(work: Work): boolean {
  const brokers = work.problem.dense.brokers.length
  return work.state.load.some(
    (load, row) => !work.led[Math.floor(row / brokers)]! && violationOf(work, row, load) > 0,
  )
}

/** Leadership alone, which moves no data; null when it is not enough. */
function byLeadership(problem: SearchProblem, effort: Effort): Work | null {
  const work = createWork(
    problem,
    new Float64Array(problem.resources.length * problem.dense.brokers.length),
  )
  if (needsMoves(work)) return null
  const whole = repair(work, {
    changes: MOST_CHANGES,
    width: 0,
    batch: effort.batch,
    maxBytes: Infinity,
  })
  return whole ? work : null
}

function attempt(problem: SearchProblem, dual: DualAnswer, effort: Effort, margin: number): Work {
  const work = createWork(problem, dual.pricer.prices)
  spreadRacks(work)
  applyPricedChoices(work, dual.pricer, margin)
  const limits = { changes: MOST_CHANGES, batch: effort.batch, maxBytes: Infinity }
  repair(work, { ...limits, width: 0 })
  repairByDetours(work, { ...limits, width: effort.width })
  improve(work, {
    rounds: effort.rounds,
    effort: effort.improveEffort,
    enough: dual.bound * 1.005,
    repair: { changes: 16, width: effort.width, batch: 4, maxBytes: 0 },
  })
  return work
}

const isBetter = (a: Work, b: Work): boolean =>
  Math.abs(a.violation - b.violation) > EVEN ? a.violation < b.violation : a.bytes < b.bytes

/** Violations that differ by less are the same. */
const EVEN = 1e-9
/** An assignment that still violates something must improve by this share to be worth any change. */
const WORTHWHILE = 0.01

/** What may be spent on a search. */
export interface Budget {
  readonly bytes: number
  readonly moves: number
}

/** The least violation for a budget: changes by what they cost per violation removed, at several scales of the prices. */
function solveWithin(
  problem: SearchProblem,
  dual: DualAnswer,
  effort: Effort,
  budget: Budget,
): Work {
  let best: Work | null = null
  for (const scale of [1, 0.3, 0]) {
    const work = createWork(
      problem,
      dual.pricer.prices.map((price) => price * scale),
    )
    spreadRacks(work)
    Object.assign(work.budget, budget)
    const limits = { changes: MOST_CHANGES, batch: effort.batch, maxBytes: Infinity }
    repair(work, { ...limits, width: 0 })
    repair(work, { ...limits, width: effort.width })
    if (best === null || isBetter(work, best)) best = work
  }
  return best!
}

/** The cheapest of several attempts, unless a budget does not allow it. */
function solveByPrices(problem: SearchProblem, budget: Budget): Solution {
  const effort = effortFor(problem.dense.replicas.length)
  const dual = solveDual(problem)
  let best: Work | null = null
  for (const margin of effort.margins) {
    const work = attempt(problem, dual, effort, margin)
    if (best === null || isBetter(work, best)) best = work
  }
  const within = best!.bytes <= budget.bytes && best!.moves <= budget.moves
  if (within) return finish(best!, dual.bound, true)
  return finish(solveWithin(problem, dual, effort, budget), dual.bound, false)
}

/**
 * Finds an assignment inside all bounds that moves few bytes: leadership alone where that is enough; else prices from the
 * dual, the choices they suggest, a repair of what rounding upset, and moves taken back as long as that pays. Nothing
 * changes when all bounds hold already, or when what is out of bounds cannot be improved by much.
 */
export function solve(
  problem: SearchProblem,
  budget: Budget = { bytes: Infinity, moves: Infinity },
): Solution {
  const still = createWork(
    problem,
    new Float64Array(problem.resources.length * problem.dense.brokers.length),
  )
  const spreads = problem.mustSpread?.includes(1) === true
  if (still.violation <= EVEN && !spreads) return { work: still, bound: 0, withinBudget: true }
  const before = still.violation
  const led = spreads ? null : byLeadership(problem, effortFor(problem.dense.replicas.length))
  const found = led === null ? solveByPrices(problem, budget) : finish(led, 0, true)
  const after = found.work.violation
  if (!spreads && after > EVEN && after > before * (1 - WORTHWHILE))
    return { work: still, bound: null, withinBudget: found.withinBudget }
  return found
}

function finish(work: Work, bound: number, withinBudget: boolean): Solution {
  keepLeaders(work)
  recountLoads(work.problem, work.state)
  work.violation = totalViolation(work)
  return { work, bound: work.violation <= EVEN ? bound : null, withinBudget }
}
