import { describe, expect, it } from 'vitest'

import { renderCleanup } from '../../../../src/lib/report/execution/cleanup-text.js'
import { plainStyle } from '../../../../src/lib/report/style.js'

const rate = (value: string) =>
  ({
    resource: 'broker',
    name: '4',
    key: 'follower.replication.throttled.rate',
    value,
    planId: null,
  }) as const

describe('what a cleanup found', () => {
  it('says of what is not of this host whose it may be, and what was done about moves that nobody owns', () => {
    const text = renderCleanup(
      {
        clusterId: 'c',
        cleaned: [],
        blocked: [],
        debts: [],
        foreign: [rate('50000217'), rate('50000000')],
        foreignMoves: [
          {
            partition: 'orders-0',
            from: [1, 2],
            to: [3, 2],
            adding: [3],
            removing: [1],
            copiedBytes: null,
            totalBytes: null,
            waitingFor: [3],
            planId: null,
          },
        ],
        takenBack: ['orders-1'],
        stuck: ['none of the original replicas [1,2] of orders-2 is alive and in sync'],
        removed: [],
        failures: [],
      },
      plainStyle,
    )
    expect(text).toContain('=50000217  (perhaps of klinic on another host)')
    expect(text).toMatch(/=50000000$/m)
    expect(text).toContain('--foreign takes them back')
    expect(text).toContain('orders-0  [1 2] to [3 2]  (cannot end: broker 3 is down)')
    expect(text).toMatch(/^Taken back\n {2}orders-1$/m)
    expect(text).toMatch(/not taken back\n {2}none of the original replicas/)
  })
})
