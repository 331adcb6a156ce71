import { countBound, isCounting } from './count-bound.js'
import { maximise } from './maximise.js'
import { FREEDOM, type SearchProblem } from './problem.js'
import { bestAssignment, createPricer, type Pricer, updatePrices } from './pricing.js'
import { groupTargets } from './skyline.js'
import { addSoftChoice } from './soft-choice.js'
import { createSoftChoice, type SoftChoice } from './soft-state.js'

/** Prices near the optimum of the dual, and the lower bound that they prove. */
export interface DualAnswer {
  /** Pricer set to the prices found. */
  readonly pricer: Pricer
  /** No assignment inside the bounds costs less than this (bytes). */
  readonly bound: number
}

/** How far slack is smoothed, in temperatures of the choice of one partition. */
const SLACK_SMOOTHING = 5
const REACH = 2
interface Stage {
  /** In mean costs of one move. */
  readonly temperature: number
  readonly iterations: number
  /** How many partitions it looks at, at most (about). */
  readonly sample: number
}

const COARSE: readonly Stage[] = [
  { temperature: 0.1, iterations: 12, sample: 2500 },
  { temperature: 0.03, iterations: 24, sample: 4000 },
]
const FINE: readonly Stage[] = [
  { temperature: 0.01, iterations: 25, sample: 8000 },
  { temperature: 0.003, iterations: 30, sample: 16000 },
  { temperature: 0.001, iterations: 25, sample: Infinity },
]
/** Mean violation of a row below which a cluster is nearly even, and needs no coarse prices. */
const NEARLY_EVEN = 0.03
/** Part of the gradient (in fair shares) that no stage leaves behind without using up its iterations. */
const FLAT = 0.02

interface Rows {
  readonly high: Float64Array
  readonly low: Float64Array
  readonly scale: Float64Array
}

function layOut(problem: SearchProblem): Rows {
  const brokers = problem.dense.brokers.length
  const count = problem.resources.length * brokers
  const rows = {
    high: new Float64Array(count),
    low: new Float64Array(count),
    scale: new Float64Array(count),
  }
  for (let r = 0; r < problem.resources.length; r++) {
    const { high, low, scale, priced } = problem.resources[r]!
    for (let b = 0; b < brokers; b++) {
      const row = r * brokers + b
      rows.scale[row] = scale[b]!
      rows.high[row] = !priced || high[b]! === Infinity ? Infinity : high[b]! / scale[b]!
      rows.low[row] = Math.max(0, low[b]!) / scale[b]!
    }
  }
  return rows
}

function toPrices(lambda: Float64Array, rows: Rows, prices: Float64Array): void {
  for (let row = 0; row < lambda.length; row++)
    prices[row] = rows.scale[row]! > 0 ? lambda[row]! / rows.scale[row]! : 0
}

/**
 * Which partitions a coarse stage looks at. What it leaves out is taken to change alike, in proportion: only the change
 * is scaled up, so that a sample of partitions does not misjudge the load that is there.
 */
interface Sample {
  readonly stride: number
  /** Loads of the snapshot, of all partitions and of those in the sample. */
  readonly all: Float64Array
  readonly seen: Float64Array
}

function takeSample(problem: SearchProblem, stride: number): Sample {
  const { dense, resources } = problem
  const brokers = dense.brokers.length
  const all = new Float64Array(resources.length * brokers)
  const seen = new Float64Array(all.length)
  for (let r = 0; r < resources.length; r++) {
    const { led, weight } = resources[r]!
    for (let p = 0; p < weight.length; p++) {
      const sampled = p % stride === 0
      const from = led ? 0 : dense.offset[p]!
      const to = led ? 1 : dense.offset[p + 1]!
      for (let i = from; i < to; i++) {
        const b = led ? dense.leader[p]! : dense.replicas[i]!
        if (b < 0) continue
        all[r * brokers + b]! += weight[p]!
        if (sampled) seen[r * brokers + b]! += weight[p]!
      }
    }
  }
  return { stride, all, seen }
}

/** Value, gradient and curvature of the smoothed dual. */
function evaluate(
  soft: SoftChoice,
  rows: Rows,
  sample: Sample,
  at: { lambda: Float64Array; gradient: Float64Array; curvature: Float64Array },
): number {
  const { problem } = soft
  const brokers = problem.dense.brokers.length
  toPrices(at.lambda, rows, soft.prices)
  soft.cheapest.fill(Infinity)
  for (let row = 0; row < soft.prices.length; row++) {
    const r = Math.floor(row / brokers)
    if (problem.target[row % brokers] === 1)
      soft.cheapest[r] = Math.min(soft.cheapest[r]!, soft.prices[row]!)
  }
  soft.load.fill(0)
  soft.spread.fill(0)
  let value = 0
  const { stride, all, seen } = sample
  for (let p = 0; p < problem.moveCost.length; p += stride) value += addSoftChoice(soft, p)
  for (let row = 0; row < all.length; row++) value -= soft.prices[row]! * seen[row]!
  value *= stride
  for (let row = 0; row < all.length; row++) value += soft.prices[row]! * all[row]!
  const slackTemperature = soft.temperature * SLACK_SMOOTHING
  for (let row = 0; row < rows.high.length; row++) {
    at.gradient[row] = 0
    at.curvature[row] = 1
    if (rows.high[row] === Infinity) continue
    const low = rows.low[row]!
    const width = rows.high[row]! - low
    const x = at.lambda[row]!
    const z = (x * width) / slackTemperature
    const share = 1 / (1 + Math.exp(-z))
    value -= x * low + (z > 30 ? x * width : slackTemperature * Math.log1p(Math.exp(z)))
    const scale = rows.scale[row]!
    at.gradient[row] =
      (all[row]! + (soft.load[row]! - seen[row]!) * stride) / scale - (low + width * share)
    at.curvature[row] =
      (soft.spread[row]! * stride) / (scale * scale * soft.temperature) +
      (width * width * share * (1 - share)) / slackTemperature +
      1e-9 / soft.temperature
  }
  return value
}

/** The Lagrangian at given prices: a lower bound whatever the prices are. */
export function lagrangianBound(pricer: Pricer): number {
  const { problem, prices } = pricer
  const brokers = problem.dense.brokers.length
  let bound = 0
  for (let p = 0; p < problem.moveCost.length; p++) {
    bestAssignment(pricer, p)
    bound += pricer.bound
  }
  for (let row = 0; row < prices.length; row++) {
    const { high, low } = problem.resources[Math.floor(row / brokers)]!
    const price = prices[row]!
    if (price > 0) bound -= price * high[row % brokers]!
    else if (price < 0) bound -= price * Math.max(0, low[row % brokers]!)
  }
  return bound
}

interface Solved {
  readonly temperature: number
  readonly lambda: Float64Array
}

/** Where the prices will be at a lower temperature: on the line through the last two; leadership alone scales with it. */
function extrapolate(
  problem: SearchProblem,
  solved: readonly Solved[],
  temperature: number,
): Float64Array | null {
  const last = solved.at(-1)
  if (last === undefined) return null
  const before = solved.at(-2)
  const brokers = problem.dense.brokers.length
  return last.lambda.map((value, row) => {
    if (before !== undefined) {
      const slope = (value - before.lambda[row]!) / (last.temperature - before.temperature)
      return value + slope * (temperature - last.temperature)
    }
    return problem.resources[Math.floor(row / brokers)]!.led
      ? (value * temperature) / last.temperature
      : value
  })
}

function stagesFor(problem: SearchProblem, rows: Rows): readonly Stage[] {
  const { all } = takeSample(problem, 1)
  let violation = 0
  let bounded = 0
  for (let row = 0; row < all.length; row++) {
    if (rows.high[row] === Infinity) continue
    const load = all[row]! / rows.scale[row]!
    violation += Math.max(0, load - rows.high[row]!, rows.low[row]! - load)
    bounded++
  }
  return violation < NEARLY_EVEN * bounded ? FINE : [...COARSE, ...FINE]
}

/** Per row: the load of a mean partition, in scales. */
function typicalWeight(problem: SearchProblem, rows: Rows): Float64Array {
  const brokers = problem.dense.brokers.length
  return rows.scale.map((scale, row) => {
    const { weight } = problem.resources[Math.floor(row / brokers)]!
    let sum = 0
    for (let p = 0; p < weight.length; p++) sum += weight[p]!
    return scale > 0 && sum > 0 ? sum / weight.length / scale : 1
  })
}

function meanMoveCost(problem: SearchProblem): number {
  let sum = 0
  let count = 0
  for (let p = 0; p < problem.moveCost.length; p++) {
    if (problem.freedom[p] !== FREEDOM.replicas) continue
    sum += problem.moveCost[p]!
    count++
  }
  return count === 0 ? 0 : sum / count
}

/**
 * Prices for the bounds of every resource and broker, by maximising the entropy-smoothed Lagrangian dual while the
 * smoothing fades. At the end of it the priced choice of each partition is all but the linear programme's optimum.
 */
export function solveDual(problem: SearchProblem): DualAnswer {
  const pricer = createPricer(problem)
  const rows = layOut(problem)
  const soft = createSoftChoice(problem, groupTargets(problem), new Float64Array(rows.high.length))
  const lambda = new Float64Array(rows.high.length)
  const best = lambda.slice()
  const typical = typicalWeight(problem, rows)
  const mean = meanMoveCost(problem)
  let bound = 0
  if (isCounting(problem)) return { pricer, bound: countBound(problem) }
  if (mean > 0) {
    const solved: Solved[] = []
    for (const { temperature, iterations, sample } of stagesFor(problem, rows)) {
      lambda.set(extrapolate(problem, solved, temperature) ?? lambda)
      const stride = Math.max(1, Math.floor(problem.moveCost.length / sample))
      const part = takeSample(problem, stride)
      soft.temperature = mean * temperature
      maximise(
        (at, gradient, curvature) =>
          evaluate(soft, rows, part, { lambda: at, gradient, curvature }),
        lambda,
        {
          iterations,
          tolerance: 1e-4,
          flat: FLAT,
          reach: typical.map((t) => (REACH * soft.temperature) / t),
        },
      )
      solved.push({ temperature, lambda: lambda.slice() })
      toPrices(lambda, rows, pricer.prices)
      updatePrices(pricer)
      const reached = lagrangianBound(pricer)
      if (reached > bound) {
        bound = reached
        best.set(lambda)
      }
    }
  }
  toPrices(best, rows, pricer.prices)
  updatePrices(pricer)
  return { pricer, bound }
}
