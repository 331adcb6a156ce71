import { describe, expect, it } from 'vitest'

import { planCleanup, type CleanupWork } from '../../../../src/lib/execution/reassign/cleanup.js'
import {
  confirmCleanup,
  whyThrottlesStay,
} from '../../../../src/lib/execution/reassign/confirmed-cleanup.js'
import type {
  FoundThrottle,
  KnownExecution,
  MoveInFlight,
  ReassignStatus,
} from '../../../../src/lib/plan/reassign-status.js'

const throttle = (name: string, value: string): FoundThrottle => ({
  resource: 'topic',
  name,
  key: 'leader.replication.throttled.replicas',
  value,
  planId: null,
})
const execution = (planId: string) => ({ planId }) as KnownExecution
const work = (change: Partial<CleanupWork> = {}): CleanupWork => ({
  executions: [],
  blocked: [],
  foreign: [],
  foreignMoves: [],
  ...change,
})

describe('a cleanup that was confirmed', () => {
  it('removes the throttles that were shown, where they are as they were', () => {
    const shown = work({
      foreign: [throttle('a', '0:1'), throttle('b', '0:2'), throttle('c', '*')],
    })
    const now = work({ foreign: [throttle('a', '0:1'), throttle('b', '0:2,1:3')] })
    const confirmed = confirmCleanup(shown, now)
    expect(confirmed.work.foreign).toEqual([throttle('a', '0:1')])
    expect(confirmed.changed).toEqual([
      'topic b leader.replication.throttled.replicas has changed from 0:2 to 0:2,1:3: it was left',
    ])
  })

  it('takes back no move that goes elsewhere by now, or has ended', () => {
    const move = (partition: string, to: readonly number[]) =>
      ({ partition, from: [1, 2], to, planId: null }) as unknown as MoveInFlight
    const shown = work({
      foreignMoves: [move('a-0', [3, 2]), move('a-1', [3, 2]), move('a-2', [3])],
    })
    const now = work({ foreignMoves: [move('a-0', [3, 2]), move('a-1', [4, 2])] })
    const { work: confirmed, stuck } = confirmCleanup(shown, now)
    expect(confirmed.foreignMoves).toEqual([move('a-0', [3, 2])])
    expect(stuck).toEqual(['a-1: somebody has given it another target meanwhile'])
  })

  it('leaves throttles alone while anything is in flight, whose ever it is', () => {
    expect(whyThrottlesStay([], 3)).toBeNull()
    expect(whyThrottlesStay([{ topic: 'a', partition: 1 }], 3)).toBe(
      '3 throttles were left: a-1 is in flight, and they may hold it back',
    )
  })

  it('waits for a word on what nobody can tell to be idle', () => {
    const owing = { planId: 'p1', running: null, debts: [{}] } as unknown as KnownExecution
    const status = { executions: [owing], throttles: [], inFlight: [] } as unknown as ReassignStatus
    expect(planCleanup(status)).toMatchObject({ executions: [], blocked: [owing] })
  })

  it('does nothing that was not shown', () => {
    const now = work({ foreign: [throttle('a', '0:1')], executions: [execution('p2')] })
    expect(confirmCleanup(work(), now)).toEqual({
      work: { ...now, foreign: [], executions: [] },
      changed: [],
      stuck: [],
    })
  })

  it('gives no throttles back that an execution needs by now', () => {
    const shown = work({ executions: [execution('p1'), execution('p2')] })
    const now = work({ executions: [execution('p2')], blocked: [execution('p1')] })
    const confirmed = confirmCleanup(shown, now)
    expect(confirmed.work.executions).toEqual([execution('p2')])
    expect(confirmed.work.blocked).toEqual([execution('p1')])
  })
})
