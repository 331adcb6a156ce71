/** A smooth concave function: writes gradient and (positive) diagonal curvature, returns the value. */
export type Concave = (at: Float64Array, gradient: Float64Array, curvature: Float64Array) => number

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly rho: number
}

/** The quasi-Newton direction (two-loop recursion), preconditioned by the diagonal curvature. */
function direction(
  gradient: Float64Array,
  curvature: Float64Array,
  pairs: readonly Pair[],
): Float64Array {
  const d = gradient.slice()
  const alphas: number[] = []
  for (const pair of [...pairs].reverse()) {
    const alpha = pair.rho * dot(pair.s, d)
    alphas.push(alpha)
    for (let i = 0; i < d.length; i++) d[i]! -= alpha * pair.y[i]!
  }
  for (let i = 0; i < d.length; i++) d[i]! /= curvature[i]!
  for (const pair of pairs) {
    const beta = pair.rho * dot(pair.y, d)
    const alpha = alphas.pop()!
    for (let i = 0; i < d.length; i++) d[i]! += (alpha - beta) * pair.s[i]!
  }
  return d
}

function steepest(gradient: Float64Array): number {
  let most = 0
  for (let i = 0; i < gradient.length; i++) most = Math.max(most, Math.abs(gradient[i]!))
  return most
}

function clip(d: Float64Array, reach: Float64Array): Float64Array {
  for (let i = 0; i < d.length; i++) d[i] = Math.max(-reach[i]!, Math.min(reach[i]!, d[i]!))
  return d
}

/**
 * Maximises `f` from `start` by L-BFGS with at most `iterations` steps; stops early when a step gains less than
 * `tolerance` of the value. `start` is changed in place; returns the number of evaluations.
 */
export function maximise(
  f: Concave,
  start: Float64Array,
  limits: {
    readonly iterations: number
    readonly tolerance: number
    /** No early stop while a part of the gradient is larger than this. */
    readonly flat: number
    /** The farthest that one coordinate may go in one step. */
    readonly reach: Float64Array
  },
): number {
  const n = start.length
  let gradient = new Float64Array(n)
  let curvature = new Float64Array(n)
  let nextGradient = new Float64Array(n)
  let nextCurvature = new Float64Array(n)
  const next = new Float64Array(n)
  const pairs: Pair[] = []
  let value = f(start, gradient, curvature)
  let evaluations = 1
  let small = 0
  for (let step = 0; step < limits.iterations; step++) {
    let d = clip(direction(gradient, curvature, pairs), limits.reach)
    let slope = dot(d, gradient)
    if (!(slope > 0)) {
      pairs.length = 0
      d = clip(direction(gradient, curvature, pairs), limits.reach)
      slope = dot(d, gradient)
      if (!(slope > 0)) break
    }
    let length = 1
    let reached = value
    for (let attempt = 0; attempt < 12; attempt++) {
      for (let i = 0; i < n; i++) next[i] = start[i]! + length * d[i]!
      reached = f(next, nextGradient, nextCurvature)
      evaluations++
      if (reached >= value + 1e-4 * length * slope) break
      const bend = value + length * slope - reached
      length = Math.max(
        0.1 * length,
        Math.min(0.5 * length, (length * length * slope) / (2 * bend)),
      )
    }
    if (!(reached > value)) break
    const s = new Float64Array(n)
    const y = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      s[i] = next[i]! - start[i]!
      y[i] = gradient[i]! - nextGradient[i]!
      start[i] = next[i]!
    }
    const sy = dot(s, y)
    if (sy > 0) pairs.push({ s, y, rho: 1 / sy })
    if (pairs.length > 12) pairs.shift()
    const gained = reached - value
    value = reached
    ;[gradient, nextGradient] = [nextGradient, gradient]
    ;[curvature, nextCurvature] = [nextCurvature, curvature]
    const flat = steepest(gradient) < limits.flat
    small = flat && gained < limits.tolerance * Math.abs(value) ? small + 1 : 0
    if (small >= 3) break
  }
  return evaluations
}
