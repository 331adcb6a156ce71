import { formatBytes } from '../../units/format-quantity.js'
import { formatAmount as amount } from './amounts.js'
import type { Dense } from '../search/dense.js'
import type { Bounds } from './bounds.js'
import type { Explained, NetChange } from './draft-steps.js'

const round2 = (value: number): string => value.toFixed(2)

interface Stand {
  readonly code: string
  readonly text: string
  /** How far outside of its bounds the broker was; 0 inside. */
  readonly excess: number
}

/** How one broker stood before, in the resource where it was farthest out on the side in question. */
function standOf(
  dense: Dense,
  bounds: readonly Bounds[],
  broker: number,
  side: 'over' | 'under',
  led: boolean | null,
): Stand | null {
  const b = dense.brokerIndex.get(broker) ?? -1
  let worst: Stand | null = null
  for (const { resource, before, fair, allowed, wanted } of bounds) {
    if (!wanted || (led !== null && resource.led !== led)) continue
    const load = before[b] ?? 0
    const share = fair[b] ?? 0
    const excess =
      side === 'over' ? load - (resource.high[b] ?? Infinity) : (resource.low[b] ?? 0) - load
    if (!(excess > 0) || share <= 0 || excess / share <= (worst?.excess ?? 0)) continue
    const limit = allowed[b] ?? Infinity
    const overLimit = side === 'over' && load > limit
    const figure = `${resource.name} ${amount(resource.name, load)}`
    worst = {
      code: overLimit ? 'OVER_LIMIT' : side === 'over' ? 'ABOVE_BAND' : 'BELOW_BAND',
      text: overLimit
        ? `broker ${broker} has ${figure}, above its limit of ${amount(resource.name, limit)}`
        : `broker ${broker} has ${figure}, ${round2(load / share)} x the mean`,
      excess: excess / share,
    }
  }
  return worst
}

function joined(stands: readonly (Stand | null)[]): Stand | null {
  const found = stands.filter((stand) => stand !== null).sort((a, b) => b.excess - a.excess)
  const first = found[0]
  if (first === undefined) return null
  return { ...first, text: [...new Set(found.map((stand) => stand.text))].join('; ') }
}

function whyLeader(dense: Dense, bounds: readonly Bounds[], change: NetChange): Stand | null {
  const { leaderFrom, leaderTo } = change
  return joined([
    leaderFrom === null ? null : standOf(dense, bounds, leaderFrom, 'over', true),
    leaderTo === null ? null : standOf(dense, bounds, leaderTo, 'under', true),
  ])
}

function whyMove(dense: Dense, bounds: readonly Bounds[], change: NetChange): Stand | null {
  return joined([
    ...change.removed.map((id) => standOf(dense, bounds, id, 'over', null)),
    ...change.added.map((id) => standOf(dense, bounds, id, 'under', null)),
  ])
}

function gainOf(dense: Dense, bounds: readonly Bounds[], change: NetChange): string {
  const parts: string[] = []
  for (const { resource, wanted } of bounds) {
    const weight = resource.weight[change.p] ?? 0
    if (!wanted || weight === 0) continue
    const led = change.leaderFrom === change.leaderTo ? [] : [change.leaderFrom, change.leaderTo]
    const from = resource.led ? led.slice(0, 1) : change.removed
    const to = resource.led ? led.slice(1) : change.added
    for (const id of from)
      if (id !== null)
        parts.push(`${resource.name} of broker ${id} -${amount(resource.name, weight)}`)
    for (const id of to)
      if (id !== null)
        parts.push(`${resource.name} of broker ${id} +${amount(resource.name, weight)}`)
  }
  return parts.join(', ')
}

/** Why a change is part of the plan, what it costs and what it gains, with the figures of the brokers concerned. */
export function explainChange(
  dense: Dense,
  bounds: readonly Bounds[],
  change: NetChange,
): Explained {
  const gain = gainOf(dense, bounds, change)
  const moves = change.added.length > 0
  const why = moves
    ? (whyMove(dense, bounds, change) ?? whyLeader(dense, bounds, change))
    : whyLeader(dense, bounds, change)
  const cost = moves
    ? `copies ${formatBytes((dense.size[change.p] ?? 0) * change.added.length)}`
    : 'moves no data'
  if (why !== null) return { reason: { code: why.code, text: `${why.text}; ${cost}` }, gain }
  const makesRoom = moves
    ? `makes room on broker ${change.removed.join(', ')} for what other steps bring there`
    : `lets other steps bring leaders to broker ${change.leaderFrom ?? '?'}`
  return { reason: { code: 'MAKES_ROOM', text: `${makesRoom}; ${cost}` }, gain }
}
