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

/** Bounds of a maximisation. */
export interface MaximiseLimits {
  readonly iterations: number
  /** A step that gains less than this share of the value counts as small. */
  readonly tolerance: number
  /** No early stop while a part of the gradient is larger than this. */
  readonly flat: number
  /** The farthest that one coordinate may go in one step. */
  readonly reach: Float64Array
}

interface Point {
  readonly at: Float64Array
  readonly gradient: Float64Array
  readonly curvature: Float64Array
  value: number
}

const PAIRS = 12
const ATTEMPTS = 12
const SMALL_STEPS = 3

const createPoint = (n: number): Point => ({
  at: new Float64Array(n),
  gradient: new Float64Array(n),
  curvature: new Float64Array(n),
  value: -Infinity,
})

/** A clipped ascent direction with its slope; forgets the pairs when they mislead. Null at a maximum. */
function ascent(
  here: Point,
  pairs: Pair[],
  reach: Float64Array,
): { d: Float64Array; slope: number } | null {
  for (;;) {
    const d = clip(direction(here.gradient, here.curvature, pairs), reach)
    const slope = dot(d, here.gradient)
    if (slope > 0) return { d, slope }
    if (pairs.length === 0) return null
    pairs.length = 0
  }
}

/** Goes along `d` as far as it pays (backtracking by parabola); `there` receives the point. False when nothing is gained. */
function lineSearch(
  f: Concave,
  here: Point,
  there: Point,
  way: { d: Float64Array; slope: number },
): boolean {
  let length = 1
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (let i = 0; i < way.d.length; i++) there.at[i] = here.at[i]! + length * way.d[i]!
    there.value = f(there.at, there.gradient, there.curvature)
    if (there.value >= here.value + 1e-4 * length * way.slope) break
    const bend = here.value + length * way.slope - there.value
    const vertex = (length * length * way.slope) / (2 * bend)
    length = Math.max(0.1 * length, Math.min(0.5 * length, vertex))
  }
  return there.value > here.value
}

function remember(pairs: Pair[], here: Point, there: Point): void {
  const s = there.at.map((value, i) => value - here.at[i]!)
  const y = here.gradient.map((value, i) => value - there.gradient[i]!)
  const sy = dot(s, y)
  if (sy > 0) pairs.push({ s, y, rho: 1 / sy })
  if (pairs.length > PAIRS) pairs.shift()
}

/**
 * Maximises `f` from `start` by L-BFGS with at most `iterations` steps; stops early after some small ones where the
 * gradient is flat. `start` is changed in place.
 */
export function maximise(f: Concave, start: Float64Array, limits: MaximiseLimits): void {
  let here = createPoint(start.length)
  let there = createPoint(start.length)
  const pairs: Pair[] = []
  here.at.set(start)
  here.value = f(here.at, here.gradient, here.curvature)
  let small = 0
  for (let step = 0; step < limits.iterations && small < SMALL_STEPS; step++) {
    const way = ascent(here, pairs, limits.reach)
    if (way === null || !lineSearch(f, here, there, way)) break
    remember(pairs, here, there)
    const gained = there.value - here.value
    ;[here, there] = [there, here]
    const flat = steepest(here.gradient) < limits.flat
    small = flat && gained < limits.tolerance * Math.abs(here.value) ? small + 1 : 0
  }
  start.set(here.at)
}
