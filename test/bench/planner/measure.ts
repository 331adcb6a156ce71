import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import type { BalancePolicy } from '../../../src/lib/planners/balance/balance-policy.js'
import { planBalance } from '../../../src/lib/planners/balance/plan-balance.js'
import { simulateSteps } from '../../../src/lib/plan/simulate.js'

/** One plan, measured. */
export interface Measured {
  readonly cpuSeconds: number
  readonly rssMb: number
  readonly bytes: number
  readonly bound: number | null
  readonly replicaMoves: number
  readonly leaderMoves: number
  readonly maxOverMean: string
  readonly complete: boolean
  /** Steps that a plan for the result would still make. */
  readonly secondRun: number | null
}

/** Plans a balance and measures it in CPU time of this process, which other load on the machine hardly changes. */
export function measureBalance(snapshot: Snapshot, policy: BalancePolicy, again = true): Measured {
  const start = process.cpuUsage()
  const draft = planBalance(snapshot, policy)
  const used = process.cpuUsage(start)
  const { summary } = draft
  const even = (summary.balance ?? []).filter(({ resource }) => policy.resources.includes(resource))
  return {
    cpuSeconds: (used.user + used.system) / 1e6,
    rssMb: process.memoryUsage().rss / 1e6,
    bytes: summary.bytesToMove,
    bound: summary.lowerBoundBytes ?? null,
    replicaMoves: summary.replicaMoves,
    leaderMoves: summary.leaderMoves,
    maxOverMean: even.map((one) => `${one.resource} ${one.maxOverMeanAfter.toFixed(3)}`).join(' '),
    complete: draft.complete,
    secondRun: again
      ? planBalance(simulateSteps(snapshot, draft.steps), policy).steps.length
      : null,
  }
}
