import type { SearchProblem } from './problem.js'

/** An assignment under change, with the load of every broker kept up to date. */
export interface SearchState {
  readonly replicas: Int32Array
  readonly leader: Int32Array
  /** One row of brokers per resource. */
  readonly load: Float64Array
}

/** The assignment as the snapshot has it. */
export function initialState(problem: SearchProblem): SearchState {
  const { dense, resources } = problem
  const state = {
    replicas: dense.replicas.slice(),
    leader: dense.leader.slice(),
    load: new Float64Array(resources.length * dense.brokers.length),
  }
  recountLoads(problem, state)
  return state
}

/** Sums the loads afresh, in one fixed order, so that rounding errors of many small changes do not pile up. */
export function recountLoads(problem: SearchProblem, state: SearchState): void {
  const { dense, resources } = problem
  const brokers = dense.brokers.length
  state.load.fill(0)
  for (let r = 0; r < resources.length; r++) {
    const { weight, led } = resources[r]!
    const row = r * brokers
    for (let p = 0; p < weight.length; p++) {
      if (led) {
        const at = state.leader[p]!
        if (at >= 0) state.load[row + at]! += weight[p]!
      } else {
        for (let i = dense.offset[p]!; i < dense.offset[p + 1]!; i++)
          state.load[row + state.replicas[i]!]! += weight[p]!
      }
    }
  }
}

/** Adds what partition `p` puts on broker `b` as a replica (`sign` -1 takes it away). */
export function addHosted(
  problem: SearchProblem,
  state: SearchState,
  at: { readonly p: number; readonly b: number },
  sign: number,
): void {
  const brokers = problem.dense.brokers.length
  for (let r = 0; r < problem.resources.length; r++) {
    const resource = problem.resources[r]!
    if (!resource.led) state.load[r * brokers + at.b]! += sign * resource.weight[at.p]!
  }
}

/** Adds what leading partition `p` puts on broker `b` (`sign` -1 takes it away). */
export function addLed(
  problem: SearchProblem,
  state: SearchState,
  at: { readonly p: number; readonly b: number },
  sign: number,
): void {
  const brokers = problem.dense.brokers.length
  for (let r = 0; r < problem.resources.length; r++) {
    const resource = problem.resources[r]!
    if (resource.led) state.load[r * brokers + at.b]! += sign * resource.weight[at.p]!
  }
}
