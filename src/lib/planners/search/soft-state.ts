import type { SearchProblem } from './problem.js'
import type { RackTargets } from './skyline.js'

/**
 * The entropy-smoothed choice of one partition under prices: each slot stays or goes to a target (in its own rack or a
 * rack without a replica), one slot leads, and the chance of each option falls off exponentially with its priced cost.
 * The expected loads are the gradient of the smoothed dual.
 */
export interface SoftChoice {
  readonly problem: SearchProblem
  readonly targets: RackTargets
  /** One row of brokers per resource. */
  readonly prices: Float64Array
  /** Expected load, and its variance in terms of load squared: same rows. */
  readonly load: Float64Array
  readonly spread: Float64Array
  readonly cheapest: Float64Array
  temperature: number
  readonly follow: Float64Array
  readonly lead: Float64Array
  readonly slots: Slots
  readonly usedRack: Int32Array
  tick: number
  /** Numbers of the priced resources that every replica brings, and of those that only the leader brings. */
  readonly hosted: readonly number[]
  readonly led: readonly number[]
  /** Targets of the racks without a replica, and per slot of its own rack. */
  readonly open: Group
  readonly own: readonly Group[]
  readonly chance: Chance
}

/** Chances that a group of targets shares out. */
export interface Chance {
  follow: number
  lead: number
}

/** Partition sums over a group of targets, against their least cost. */
export interface Group {
  refFollow: number
  refLead: number
  sumFollow: number
  sumLead: number
}

const emptyGroup = (): Group => ({
  refFollow: Infinity,
  refLead: Infinity,
  sumFollow: 0,
  sumLead: 0,
})

/** Scratch per replica slot: cost of staying, references, partition sums and the chance to lead. */
export interface Slots {
  readonly stayFollow: Float64Array
  readonly stayLead: Float64Array
  readonly refFollow: Float64Array
  readonly refLead: Float64Array
  readonly sumFollow: Float64Array
  readonly sumLead: Float64Array
  readonly leads: Float64Array
}

/** Room for soft choices under `prices`, which may change between them. */
export function createSoftChoice(
  problem: SearchProblem,
  targets: RackTargets,
  prices: Float64Array,
): SoftChoice {
  const { dense, resources } = problem
  const priced = resources.flatMap((resource, r) => (resource.priced ? [r] : []))
  const slot = (): Float64Array => new Float64Array(dense.maxReplicas)
  return {
    problem,
    targets,
    prices,
    load: new Float64Array(prices.length),
    spread: new Float64Array(prices.length),
    cheapest: new Float64Array(resources.length),
    temperature: 1,
    follow: new Float64Array(dense.brokers.length),
    lead: new Float64Array(dense.brokers.length),
    slots: {
      stayFollow: slot(),
      stayLead: slot(),
      refFollow: slot(),
      refLead: slot(),
      sumFollow: slot(),
      sumLead: slot(),
      leads: slot(),
    },
    usedRack: new Int32Array(dense.rackNames.length),
    tick: 0,
    hosted: priced.filter((r) => !resources[r]!.led),
    led: priced.filter((r) => resources[r]!.led),
    open: emptyGroup(),
    own: Array.from({ length: dense.maxReplicas }, emptyGroup),
    chance: { follow: 0, lead: 0 },
  }
}
