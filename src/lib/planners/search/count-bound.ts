import type { SearchProblem } from './problem.js'
import { initialState } from './state.js'

/** Whole replicas that all cost the same: prices would tell nothing that a look at each broker does not. */
export function isCounting(problem: SearchProblem): boolean {
  const first = problem.moveCost[0]!
  return (
    problem.resources.every(
      ({ priced, weight }) => !priced || weight.every((value) => value === weight[0]),
    ) && problem.moveCost.every((cost) => cost === first)
  )
}

/** The most replicas that any count has too many on its brokers, or too few: each of them costs one move. */
export function countBound(problem: SearchProblem): number {
  const { load } = initialState(problem)
  const brokers = problem.dense.brokers.length
  let most = 0
  for (let r = 0; r < problem.resources.length; r++) {
    const { led, priced, weight, high, low } = problem.resources[r]!
    if (led || !priced) continue
    let over = 0
    let under = 0
    for (let b = 0; b < brokers; b++) {
      over += Math.max(0, load[r * brokers + b]! - high[b]!)
      under += Math.max(0, low[b]! - load[r * brokers + b]!)
    }
    most = Math.max(most, Math.max(over, under) / (weight[0] ?? 1))
  }
  return Math.floor(most) * problem.moveCost[0]!
}
