import { describe, expect, it } from 'vitest'

import type { ExecutionState } from '../../../../src/lib/execution/reassign/execution-state.js'
import { rollbackOfExecution } from '../../../../src/lib/execution/reassign/rollback-plan.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import type { MoveState } from '../../../../src/lib/ports/journal.js'

const load = { inBytesPerSec: 1, outBytesPerSec: 1, diskBytes: 1, replicas: 1, leaders: 1 }
const plan: Plan = {
  format: 'klinic.plan/1',
  id: 'balance-00000000',
  kind: 'balance',
  outcome: 'changes',
  complete: true,
  createdAt: '2026-11-21T11:00:00.000Z',
  cluster: { id: 'c', fingerprint: 'sha256:0' },
  policy: {},
  steps: [0, 1].map((partition) => ({
    id: partition + 1,
    type: 'reassign',
    topic: 'orders',
    partition,
    from: [1, 2],
    to: [3, 2],
    bytesToMove: 10,
    reason: { code: 'ABOVE_BAND', text: 't' },
  })),
  deferred: [],
  findings: [],
  summary: {
    replicaMoves: 2,
    leaderMoves: 2,
    bytesToMove: 20,
    balance: [{ resource: 'in', maxOverMeanBefore: 2, maxOverMeanAfter: 1 }],
    brokers: [{ id: 1, before: load, after: load }],
  },
}
const stateOf = (...states: readonly MoveState[]): ExecutionState =>
  ({
    started: { plan },
    moves: new Map(states.map((state, index) => [index + 1, { state }])),
  }) as unknown as ExecutionState

describe('the way back of an execution', () => {
  it('takes back what was done, with the figures of the plan turned round when all of it was', () => {
    const back = rollbackOfExecution(stateOf('done', 'done'))
    expect(back.steps).toHaveLength(2)
    expect(back.summary.brokers).toHaveLength(1)
  })

  it('foretells no brokers when a part was done: the figures of the whole would be wrong', () => {
    const back = rollbackOfExecution(stateOf('done', 'undone'))
    expect(back.steps).toMatchObject([{ partition: 0, from: [3, 2], to: [1, 2] }])
    expect(back.summary).toMatchObject({ replicaMoves: 1, bytesToMove: 10, brokers: [] })
    expect(back.summary.balance).toBeUndefined()
  })

  it('is refused while a move may still be under way', () => {
    expect(() => rollbackOfExecution(stateOf('done', 'submitted'))).toThrow(
      'may still be under way',
    )
  })
})
