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

interface Asked {
  readonly broker: number
  readonly side: 'over' | 'under'
  /** True: only what leaders bring. */
  readonly ledOnly: boolean
}

/** How one broker stood before in one resource, if it was out of bounds on the side in question. */
function standIn(entry: Bounds, b: number, { broker, side }: Asked): Stand | null {
  const { resource, before, fair, allowed } = entry
  const load = before[b] ?? 0
  const share = fair[b] ?? 0
  const over = side === 'over'
  const excess = over ? load - (resource.high[b] ?? Infinity) : (resource.low[b] ?? 0) - load
  if (!(excess > 0) || share <= 0) return null
  const limit = allowed[b] ?? Infinity
  const figure = `broker ${broker} has ${resource.name} ${amount(resource.name, load)}`
  if (over && load > limit)
    return {
      code: 'OVER_LIMIT',
      text: `${figure}, above its limit of ${amount(resource.name, limit)}`,
      excess: excess / share,
    }
  return {
    code: over ? 'ABOVE_BAND' : 'BELOW_BAND',
    text: `${figure}, ${round2(load / share)} x the mean`,
    excess: excess / share,
  }
}

/** How one broker stood before, in the resource where it was farthest out. */
function standOf(dense: Dense, bounds: readonly Bounds[], asked: Asked): Stand | null {
  const b = dense.brokerIndex.get(asked.broker) ?? -1
  return bounds
    .filter(({ wanted, resource }) => wanted && (!asked.ledOnly || resource.led))
    .map((entry) => standIn(entry, b, asked))
    .reduce((worst, stand) => ((stand?.excess ?? 0) > (worst?.excess ?? 0) ? stand : worst), null)
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
    leaderFrom === null
      ? null
      : standOf(dense, bounds, { broker: leaderFrom, side: 'over', ledOnly: true }),
    leaderTo === null
      ? null
      : standOf(dense, bounds, { broker: leaderTo, side: 'under', ledOnly: true }),
  ])
}

function whyMove(dense: Dense, bounds: readonly Bounds[], change: NetChange): Stand | null {
  return joined([
    ...change.removed.map((id) =>
      standOf(dense, bounds, { broker: id, side: 'over', ledOnly: false }),
    ),
    ...change.added.map((id) =>
      standOf(dense, bounds, { broker: id, side: 'under', ledOnly: false }),
    ),
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
