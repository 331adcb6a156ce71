import type { BalancedResource } from '../../model/broker-load.js'
import { FACT, type Dense } from '../search/dense.js'
import { FREEDOM, type SearchProblem } from '../search/problem.js'
import type { BalancePolicy } from './balance-policy.js'
import { drawBounds, type Bounds } from './bounds.js'
import { rackRules } from './rack-rules.js'

/** A balance as a search problem, with the bounds behind it for explanations. */
export interface Framed {
  readonly problem: SearchProblem
  readonly bounds: readonly Bounds[]
}

const CAPACITY_RESOURCES: readonly BalancedResource[] = ['in', 'out', 'disk']
const ORDER: readonly BalancedResource[] = ['in', 'out', 'disk', 'replicas', 'leaders']

/** Which partitions may change, and how much of them. */
export function freedomOf(dense: Dense, policy: BalancePolicy): Uint8Array {
  const pattern = policy.excludeTopics
  const excluded = dense.topics.map(
    (topic) => pattern !== undefined && topic.name.search(pattern) >= 0,
  )
  const needsTraffic = policy.resources.some((name) => name === 'in' || name === 'out')
  const needsSize = policy.resources.includes('disk')
  return Uint8Array.from(dense.facts, (facts, p) => {
    if (excluded[dense.topicOf[p] ?? 0] === true) return FREEDOM.none
    if ((facts & (FACT.inFlight | FACT.noLeader)) !== 0) return FREEDOM.none
    if (needsTraffic && (facts & FACT.trafficUnknown) !== 0) return FREEDOM.none
    if (needsSize && (facts & FACT.sizeUnknown) !== 0) return FREEDOM.none
    return (facts & FACT.offlineReplica) !== 0 ? FREEDOM.leader : FREEDOM.replicas
  })
}

/** Brokers that may be given something. */
export function targetsOf(dense: Dense, policy: BalancePolicy): Uint8Array {
  const only = new Set(policy.onlyTo)
  const excluded = new Set(policy.excludeBrokers)
  return Uint8Array.from(dense.brokers, ({ id, state }) =>
    state === 'alive' && !excluded.has(id) && (only.size === 0 || only.has(id)) ? 1 : 0,
  )
}

/** Cost of a new replica: its bytes; where the size is unknown the mean, and 1 where none is known. */
function moveCosts(dense: Dense): Float64Array {
  let sum = 0
  let known = 0
  for (const [p, facts] of dense.facts.entries()) {
    if ((facts & FACT.sizeUnknown) !== 0) continue
    sum += dense.size[p] ?? 0
    known++
  }
  const mean = known === 0 ? 0 : sum / known
  return Float64Array.from(
    dense.facts,
    (facts, p) => 1 + ((facts & FACT.sizeUnknown) === 0 ? (dense.size[p] ?? 0) : mean),
  )
}

/** Room for copies that arrive while what leaves is still there; of several log directories the fullest one counts. */
function roomOf(dense: Dense, bounds: readonly Bounds[]): SearchProblem['room'] {
  const left = (name: BalancedResource): Float64Array => {
    const found = bounds.find((entry) => entry.resource.name === name)
    return Float64Array.from(dense.brokers, (_, b) =>
      found === undefined
        ? Infinity
        : Math.max(0, (found.allowed[b] ?? Infinity) - (found.before[b] ?? 0)),
    )
  }
  const disk = left('disk')
  for (const [b, broker] of dense.brokers.entries())
    for (const dir of broker.logDirs ?? [])
      if (dir.error === undefined && dir.usableBytes !== undefined)
        disk[b] = Math.min(disk[b] ?? Infinity, dir.usableBytes)
  return { disk, in: left('in') }
}

/** Puts a snapshot and a policy into the form that the search understands. */
export function frameProblem(dense: Dense, policy: BalancePolicy): Framed {
  const target = targetsOf(dense, policy)
  const bounds = ORDER.map((name) => drawBounds(dense, policy, name, target)).filter(
    ({ wanted, allowed, resource }) =>
      wanted ||
      (CAPACITY_RESOURCES.includes(resource.name) && allowed.some((most) => most < Infinity)),
  )
  const freedom = freedomOf(dense, policy)
  const { sharesRack, mustSpread } = rackRules(dense, policy, freedom)
  const room = roomOf(dense, bounds)
  return {
    bounds,
    problem: {
      dense,
      resources: bounds.map((entry) => entry.resource),
      moveCost: moveCosts(dense),
      freedom,
      target,
      sharesRack,
      ...(room === undefined ? {} : { room }),
      mustSpread,
    },
  }
}
