/** A rising, piecewise linear function: `x` strictly increasing, `y` never decreasing, same length. */
export interface Curve {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Builds a curve; a point that does not move on in `x` replaces the one before it, a falling `y` is held level. */
export function curveOf(points: readonly (readonly [x: number, y: number])[]): Curve {
  const x: number[] = []
  const y: number[] = []
  for (const [px, py] of points) {
    const lastX = x.at(-1)
    const level = Math.max(py, y.at(-1) ?? py)
    if (lastX !== undefined && px <= lastX) y[y.length - 1] = level
    else {
      x.push(px)
      y.push(level)
    }
  }
  return { x, y }
}

/** Index of the last knot with `values[i] <= wanted`, or -1. */
function lastAtOrBelow(values: readonly number[], wanted: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? 0) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0

/** Rise per unit of `x` over the whole curve; 0 for a curve of one point. */
export function meanSlope({ x, y }: Curve): number {
  const span = at(x, x.length - 1) - at(x, 0)
  return span > 0 ? (at(y, y.length - 1) - at(y, 0)) / span : 0
}

function slopeOfSegment({ x, y }: Curve, segment: number): number {
  const width = at(x, segment + 1) - at(x, segment)
  return width > 0 ? (at(y, segment + 1) - at(y, segment)) / width : 0
}

/** Value at `x`; outside the knots it goes on with the mean slope (`mean`) or that of the next segment (`local`). */
export function valueAt(curve: Curve, x: number, beyond: 'mean' | 'local'): number {
  const count = curve.x.length
  if (count === 0) return 0
  const index = lastAtOrBelow(curve.x, x)
  const anchor = index < 0 ? 0 : index
  const outside = index < 0 || index >= count - 1
  const segment = Math.min(anchor, Math.max(0, count - 2))
  const slope = outside && beyond === 'mean' ? meanSlope(curve) : slopeOfSegment(curve, segment)
  return at(curve.y, anchor) + (x - at(curve.x, anchor)) * slope
}

/** The last `x` at which the curve is still at or below `y`; -Infinity below the first knot, the last `x` above all. */
export function lastXAtOrBelow(curve: Curve, y: number): number {
  const index = lastAtOrBelow(curve.y, y)
  if (index < 0) return -Infinity
  if (index >= curve.x.length - 1) return at(curve.x, curve.x.length - 1)
  const rise = at(curve.y, index + 1) - at(curve.y, index)
  const share = rise > 0 ? (y - at(curve.y, index)) / rise : 0
  return at(curve.x, index) + share * (at(curve.x, index + 1) - at(curve.x, index))
}
