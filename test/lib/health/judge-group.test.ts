import { describe, expect, it } from 'vitest'

import type { GroupReading } from '../../../src/lib/health/consumers/judge-group.js'
import { judgeGroup } from '../../../src/lib/health/consumers/judge-group.js'

const look = (
  committed: number,
  end: number | null,
  state: string | null = 'Stable',
): GroupReading => ({
  groupId: 'billing',
  state,
  positions: [{ topic: 'orders', partition: 0, committed, end }],
})
const judge = (...readings: readonly GroupReading[]) => judgeGroup(readings)

describe('a consumer group', () => {
  it('is well without lag, and with a lag that it works on', () => {
    expect(judge(look(100, 100))).toMatchObject({ status: 'OK', totalLag: 0 })
    expect(judge(look(100, 500), look(300, 600))).toMatchObject({ status: 'OK', totalLag: 300 })
  })

  it('has stalled when it lags and commits nothing, and the partition is named', () => {
    expect(judge(look(100, 500), look(100, 600))).toMatchObject({ status: 'ERR', totalLag: 500 })
    expect(judge(look(100, 500), look(100, 600)).why).toContain('orders-0')
  })

  it('that has nothing new to read has not stalled', () => {
    expect(judge(look(500, 500), look(500, 600))).toMatchObject({ status: 'OK' })
  })

  it('falls behind when its lag grows from look to look', () => {
    expect(judge(look(100, 200), look(110, 300), look(120, 400)).status).toBe('WARN')
    expect(judge(look(100, 200), look(180, 250), look(200, 400)).status).toBe('OK')
  })

  it('without members is an error only when there is something to read', () => {
    expect(judge(look(100, 200, 'Empty')).status).toBe('ERR')
    expect(judge(look(200, 200, 'Empty')).status).toBe('OK')
    expect(judge({ groupId: 'x', state: null, positions: [] })).toMatchObject({
      status: 'NOTFOUND',
      totalLag: null,
    })
  })

  it('is warned about while it rebalances, and of a partition without a leader its lag is unknown, not zero', () => {
    expect(judge(look(1, 1, 'PreparingRebalance')).status).toBe('WARN')
    const dark = judge(look(1, null), look(1, null))
    expect(dark).toMatchObject({ status: 'UNKNOWN', totalLag: null })
    expect(dark.why).toContain('orders-0')
    expect(judge(look(1, null), look(1, 3), look(2, 9)).status).toBe('OK')
  })

  it('is never well, nor missing, while what it has committed cannot be read', () => {
    const unread = 'its offsets could not be read: the coordinator is loading'
    for (const state of ['Stable', null]) {
      expect(judge({ groupId: 'x', state, positions: [], unread })).toEqual({
        groupId: 'x',
        status: 'UNKNOWN',
        totalLag: null,
        why: unread,
      })
    }
  })
})
