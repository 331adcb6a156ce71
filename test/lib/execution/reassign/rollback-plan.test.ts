import { describe, expect, it } from 'vitest'

import {
  ALREADY_DONE,
  foldJournal,
  type ExecutionState,
} from '../../../../src/lib/execution/reassign/execution-state.js'
import { rollbackOfExecution } from '../../../../src/lib/execution/reassign/rollback-plan.js'
import type { LeaderStep, PartitionStep, Plan } from '../../../../src/lib/plan/plan.js'
import type { MoveState, StartedRecord } from '../../../../src/lib/ports/journal.js'

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
    started: { plan, leaders: { 'orders-0': 1, 'orders-1': 1 } },
    moves: new Map(states.map((state, index) => [index + 1, { state }])),
    elected: new Set(),
  }) as unknown as ExecutionState

const at = '2026-11-21T11:00:00.000Z'
const foundDone = { code: ALREADY_DONE, text: 't' }
const started: StartedRecord = {
  type: 'started',
  format: 'klinic.journal/1',
  at,
  executionId: 'x',
  planSha256: '',
  plan,
  actor: { user: 'u', host: 'h', pid: 1 },
  options: {},
}
/** An execution whose only step was found made: its list by somebody else, its leader elected by us where `elects`. */
function foundMade(step: PartitionStep, leaders: Record<string, number>, elects: boolean) {
  const electing = { type: 'move', at, step: 1, state: 'electing', reason: foundDone } as const
  const done = { type: 'move', at, step: 1, state: 'done', reason: foundDone } as const
  const one = { ...started, plan: { ...plan, steps: [step] }, leaders }
  return foldJournal([one, ...(elects ? [electing] : []), done])!
}

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

  it('undoes an election, which moved no replica, and tells whose figures are turned round', () => {
    const election: LeaderStep = {
      ...{ id: 1, type: 'leader', topic: 'orders', partition: 0, replicas: [1, 2] },
      ...{ from: 2, to: 1, bytesToMove: 0, reason: { code: 'NOT_PREFERRED', text: 't' } },
    }
    const back = rollbackOfExecution(foundMade(election, { 'orders-0': 2 }, true))
    expect(back.steps).toMatchObject([
      { type: 'leader', replicas: [1, 2], to: 2 },
      { type: 'reassign', from: [2, 1], to: [1, 2], leader: 2 },
    ])
    expect(back.summary.brokers).toHaveLength(1)
  })

  it('leaves a list that somebody else brought there, and brings back the leader that we had elected for it', () => {
    const step = plan.steps[0] as PartitionStep
    const back = rollbackOfExecution(foundMade(step, { 'orders-0': 2 }, true))
    expect(back.steps).toMatchObject([
      { type: 'leader', replicas: [3, 2], to: 2 },
      { type: 'reassign', from: [2, 3], to: [3, 2], leader: 2 },
    ])
    expect(rollbackOfExecution(foundMade(step, { 'orders-0': 2 }, false)).steps).toEqual([])
    expect(rollbackOfExecution(foundMade(step, {}, true))).toMatchObject({
      steps: [],
      findings: [],
    })
  })

  it('is refused while a move may still be under way', () => {
    expect(() => rollbackOfExecution(stateOf('done', 'submitted'))).toThrow(
      'may still be under way',
    )
  })
})
