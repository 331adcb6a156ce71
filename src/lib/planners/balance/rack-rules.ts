import type { Dense } from '../search/dense.js'
import { FREEDOM } from '../search/problem.js'
import type { BalancePolicy } from './balance-policy.js'

/** How many replicas of each partition may share a rack (0: no fewer racks than before), and which must be repaired. */
export interface RackRules {
  readonly sharesRack: Uint8Array
  readonly mustSpread: Uint8Array
}

function racksInUse(dense: Dense): number {
  const racks = new Set<number>()
  for (const [b, broker] of dense.brokers.entries())
    if (broker.state === 'alive') racks.add(dense.rackOf[b] ?? 0)
  return racks.size
}

/** Most replicas in one rack, and the number of racks held. */
function spreadOf(dense: Dense, p: number): { most: number; racks: number } {
  const held = new Map<number, number>()
  for (let i = dense.offset[p] ?? 0; i < (dense.offset[p + 1] ?? 0); i++) {
    const rack = dense.rackOf[dense.replicas[i] ?? 0] ?? 0
    held.set(rack, (held.get(rack) ?? 0) + 1)
  }
  return { most: Math.max(0, ...held.values()), racks: held.size }
}

/** See {@link RackRules}; the policies are those of `--rack-policy`. */
export function rackRules(dense: Dense, policy: BalancePolicy, freedom: Uint8Array): RackRules {
  const available = racksInUse(dense)
  const sharesRack = new Uint8Array(freedom.length)
  const mustSpread = new Uint8Array(freedom.length)
  for (let p = 0; p < freedom.length; p++) {
    const count = (dense.offset[p + 1] ?? 0) - (dense.offset[p] ?? 0)
    const { most, racks } = spreadOf(dense, p)
    const evenly = Math.max(1, Math.ceil(count / Math.max(1, available)))
    const wanted = policy.rackPolicy === 'strict' ? 1 : evenly
    const holds = most <= wanted
    const repairs = policy.fixRacks && !holds && freedom[p] === FREEDOM.replicas
    if (repairs) mustSpread[p] = 1
    // "spread" never asks for more than was there, unless racks are to be repaired.
    const keeps = policy.rackPolicy === 'spread' && !repairs && racks < count
    sharesRack[p] = keeps ? 0 : Math.min(255, wanted)
  }
  return { sharesRack, mustSpread }
}
