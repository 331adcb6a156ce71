import type { ChosenReach, Reach, Work } from './work.js'

/** Of `brokers` the `width` of each rack with most of something. */
function mostInEachRack(
  work: Work,
  brokers: readonly number[],
  width: number,
  measure: (b: number) => number,
): readonly number[] {
  const { rackOf } = work.problem.dense
  const taken = new Map<number, number>()
  return [...brokers]
    .sort((x, y) => measure(y) - measure(x) || x - y)
    .filter((b) => {
      const count = taken.get(rackOf[b]!) ?? 0
      taken.set(rackOf[b]!, count + 1)
      return count < width
    })
}

/**
 * The brokers that a repair looks at: on small clusters all, else for each rack and resource the `width` targets with most
 * room and the `width` brokers with most to give. With a width of 0 none: then only leadership changes.
 */
function chooseReach(work: Work, width: number): Reach {
  const { dense, target } = work.problem
  const brokers = dense.brokers.length
  const numbers = [...Array(brokers).keys()]
  if (width === 0) return { outlets: [], donors: work.led.map(() => []) }
  const targets = numbers.filter((b) => target[b] === 1)
  const few = brokers <= width * 10
  const distance = (r: number, b: number, bound: Float64Array): number => {
    const row = r * brokers + b
    const value = (bound[row]! - work.state.load[row]!) * work.inverse[row]!
    return Number.isFinite(value) ? value : 0
  }
  const outlets = new Set<number>()
  const donors: (readonly number[])[] = []
  for (let r = 0; r < work.led.length; r++) {
    const room = mostInEachRack(work, targets, few ? brokers : width, (b) =>
      distance(r, b, work.high),
    )
    for (const b of room) outlets.add(b)
    donors.push(
      mostInEachRack(work, numbers, few ? brokers : width, (b) => -distance(r, b, work.low)),
    )
  }
  return { outlets: [...outlets].sort((x, y) => x - y), donors }
}

/** A choice lasts until so many changes per broker were made: to choose is to sort all brokers. */
const CHANGES_PER_BROKER = 0.1

/** The brokers to look at now: see {@link chooseReach}; chosen afresh once enough has changed. */
export function currentReach(work: Work, width: number): Reach {
  const age = CHANGES_PER_BROKER * work.problem.dense.brokers.length
  const last = work.reach
  if (last !== null && last.width === width && work.changes - last.at <= age) return last
  const chosen: ChosenReach = { ...chooseReach(work, width), width, at: work.changes }
  work.reach = chosen
  return chosen
}
