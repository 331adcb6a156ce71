import type { Snapshot } from '../../model/snapshot.js'
import type { ResourceBalance } from '../../plan/plan.js'
import type { BalancePolicy } from './balance-policy.js'
import { planBalance } from './plan-balance.js'

/** What a budget buys: bytes really moved, and how even the cluster is after that. */
export interface CurvePoint {
  readonly budgetBytes: number
  readonly bytesToMove: number
  readonly replicaMoves: number
  readonly balance: readonly ResourceBalance[]
}

const SHARES = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1]

/** What each further amount of data moved would buy, from leadership alone (0 bytes) up to the whole plan. */
export function balanceCurve(snapshot: Snapshot, policy: BalancePolicy): readonly CurvePoint[] {
  const whole = planBalance(snapshot, { ...policy, allowPartial: true })
  const most = whole.summary.bytesToMove
  return SHARES.map((share) => {
    const budgetBytes = Math.ceil(most * share)
    const plan =
      share === 1
        ? whole
        : planBalance(snapshot, { ...policy, allowPartial: true, maxBytes: budgetBytes })
    const { bytesToMove, replicaMoves, balance } = plan.summary
    return { budgetBytes, bytesToMove, replicaMoves, balance: balance ?? [] }
  })
}
