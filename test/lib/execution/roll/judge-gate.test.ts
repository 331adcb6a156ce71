import { describe, expect, it } from 'vitest'

import type { GateExpectation } from '../../../../src/lib/execution/roll/judge-gate.js'
import { explainWait, judgeGate } from '../../../../src/lib/execution/roll/judge-gate.js'
import type { Partition, Snapshot } from '../../../../src/lib/model/snapshot.js'

const expected: GateExpectation = {
  brokers: [1, 2, 3],
  topics: 1,
  nextStop: new Set(),
  isrMargin: 0,
  accepts: () => false,
  maxLeaderImbalance: 0.1,
  allowReassignments: false,
}

function sample(partition: Partial<Partition> = {}, overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'c', metadata: 'kraft' },
    capturedAt: '2026-11-21T11:00:00.000Z',
    brokers: [1, 2, 3].map((id) => ({ id, host: 'h', port: 1, state: 'alive' })),
    topics: [
      {
        name: 'orders',
        minInsyncReplicas: 2,
        partitions: [{ id: 0, replicas: [1, 2, 3], isr: [1, 2, 3], leader: 1, ...partition }],
      },
    ],
    ...overrides,
  }
}
const rulesOf = (snapshot: Snapshot, changes: Partial<GateExpectation> = {}) =>
  judgeGate([snapshot, snapshot], { ...expected, ...changes }).waits.map((wait) => wait.rule)

describe('the gate of a rolling restart', () => {
  it('says yes when two brokers agree that everything is well', () => {
    expect(judgeGate([sample(), sample()], expected)).toEqual({ healthy: true, waits: [], work: 0 })
  })

  it('does not take one broker at its word', () => {
    expect(judgeGate([sample()], expected)).toMatchObject({ healthy: false })
    expect(judgeGate([sample(), sample({ isr: [1, 2] })], expected)).toMatchObject({
      healthy: false,
    })
  })

  it('takes an empty or short answer of a broker that just started for what it is', () => {
    expect(rulesOf(sample({}, { topics: [] }))).toContain('EMPTY_ANSWER')
    expect(rulesOf(sample({}, { brokers: [] }))).toContain('BROKER_MISSING')
  })

  it('knows an offline partition by its missing leader, not by its in-sync set', () => {
    expect(rulesOf(sample({ leader: null, replicas: [3], isr: [3] }))).toContain('LEADERLESS')
  })

  it('stops no broker while min ISR cannot be read: it may be more than 1', () => {
    const partitions = sample().topics[0]?.partitions ?? []
    const part = { part: 'topic configs', subject: 'topic orders' } as const
    const blind = sample(
      {},
      {
        topics: [{ name: 'orders', partitions }],
        unread: [{ ...part, code: 'TIMED_OUT', message: '' }],
      },
    )
    expect(rulesOf(blind, { nextStop: new Set([1]) })).toEqual(['MIN_ISR'])
    expect(rulesOf(blind)).toEqual([])
  })

  it('does not count replicas that a reassignment is adding as under-replicated', () => {
    const moving = sample({ replicas: [1, 2, 3], isr: [1, 2], adding: [3] })
    expect(rulesOf(moving)).toEqual(['REASSIGNMENT'])
    expect(rulesOf(moving, { allowReassignments: true })).toEqual([])
  })

  it('refuses the stop that would leave too few in sync, and names the partition and the broker', () => {
    const verdict = judgeGate([sample({ isr: [1, 2] }), sample({ isr: [1, 2] })], {
      ...expected,
      nextStop: new Set([1]),
    })
    expect(verdict.waits.map((wait) => wait.rule)).toEqual(['UNDER_REPLICATED', 'MIN_ISR'])
    expect(explainWait(verdict)).toBe(
      'orders-0 ISR {1,2}, waiting for broker 3 (UNDER_REPLICATED), and 1 more',
    )
  })

  it('sees leaders that have not come back, and a throttle that somebody left', () => {
    expect(rulesOf(sample({ leader: 2 }))).toEqual(['LEADER_IMBALANCE'])
    expect(rulesOf(sample({ leader: 2 }), { maxLeaderImbalance: null })).toEqual([])
    const key = 'follower.replication.throttled.replicas'
    const throttles = [{ resource: 'topic', name: 'orders', key, value: '*' }] as const
    expect(rulesOf(sample({}, { throttles }))).toEqual(['THROTTLE'])
  })

  it('measures progress: fewer replicas to wait for is less work', () => {
    const far = judgeGate([sample({ isr: [1] }), sample({ isr: [1] })], expected)
    const near = judgeGate([sample({ isr: [1, 2] }), sample({ isr: [1, 2] })], expected)
    expect(near.work).toBeLessThan(far.work)
  })
})
