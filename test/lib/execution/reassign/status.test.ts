import { describe, expect, it } from 'vitest'

import { describeReassignments } from '../../../../src/lib/execution/reassign/status.js'
import { renderReassignStatus } from '../../../../src/lib/report/execution/status-text.js'
import { plainStyle } from '../../../../src/lib/report/style.js'
import { makeSnapshot } from './builders.js'

describe('the status of reassignments', () => {
  it('names a journal that cannot be read, and what to do with it, beside all that can', () => {
    const damaged = '/state/balance-1.journal is damaged in line 3'
    const status = describeReassignments({
      snapshot: makeSnapshot([]),
      disks: { sizes: new Map(), leastFree: new Map() },
      journals: [{ path: '/state/balance-1.journal', records: [], torn: false, damaged }],
      who: { here: { user: 'u', host: 'h' }, holders: [], unasked: null },
    })
    expect(status.damaged).toEqual([{ path: '/state/balance-1.journal', why: damaged }])
    const text = renderReassignStatus(status, plainStyle)
    expect(text).toContain(damaged)
    expect(text).toContain('mv /state/balance-1.journal /state/balance-1.journal.damaged')
  })
})
