import { sameList } from '../../plan/step-lists.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import { observe } from './observe.js'
import { orderedTopics } from './ordered-topics.js'
import type { ThrottleLease } from './throttle/lease.js'

/** What a last look needs. */
export interface VerifyParts {
  readonly ports: { readonly reader: ClusterReader }
  readonly ledger: Ledger
  readonly lease: ThrottleLease
}

const list = (replicas: readonly number[]): string => `[${replicas.join(',')}]`

/** Of several moves for one partition only the last one done says how it should be now. */
export function lastDone(ledger: Ledger): readonly Move[] {
  const byKey = new Map<string, Move>()
  for (const move of ledger.moves) if (ledger.statusOf(move) === 'done') byKey.set(move.key, move)
  return [...byKey.values()]
}

/** A last look at the cluster: how it differs from what was done, one sentence each. */
export async function findDifferences(parts: VerifyParts): Promise<readonly string[]> {
  const { ports, ledger, lease } = parts
  const done = lastDone(ledger)
  const visible = await lease.stillVisible()
  const differences = visible.map((what) => `${what} still shows what was given back`)
  if (done.length === 0) return differences
  const { views } = await observe(ports.reader, orderedTopics(done))
  for (const { key, to, leader } of done) {
    const view = views.get(key)
    if (view === undefined) continue
    if (!sameList(view.replicas, to)) {
      differences.push(`${key} is at ${list(view.replicas)} instead of ${list(to)}`)
    } else if (view.leader !== leader) {
      differences.push(`${key} is led by ${view.leader ?? 'nobody'} instead of ${leader}`)
    }
  }
  return differences
}
