import { describe, expect, it } from 'vitest'

import {
  isRunning,
  needsAsking,
  type WhoWorks,
} from '../../../../src/lib/execution/reassign/is-running.js'
import { foldJournal } from '../../../../src/lib/execution/reassign/execution-state.js'
import { describeReassignments } from '../../../../src/lib/execution/reassign/status.js'
import type { JournalRecord, LockHolder } from '../../../../src/lib/ports/journal.js'
import {
  renderReassignStatus,
  statusCommands,
} from '../../../../src/lib/report/execution/status-text.js'
import { plainStyle } from '../../../../src/lib/report/style.js'
import { makeOneStepPlan, makeSnapshot } from './builders.js'

const at = '2026-11-21T11:00:00.000Z'
const plan = makeOneStepPlan(makeSnapshot([]), [1, 2], [3, 2])
const jump1 = { user: 'ops', host: 'jump1', pid: 11 }
const begun = (options = {}): readonly JournalRecord[] => [
  {
    ...{ type: 'started', format: 'klinic.journal/1', at, executionId: 'x', planSha256: '' },
    ...{ plan, actor: jump1, options },
  },
]
const holder = (what: string, more: Partial<LockHolder> = {}): LockHolder => ({
  ...jump1,
  since: at,
  what,
  ...more,
})
const who = (more: Partial<WhoWorks> = {}): WhoWorks => ({
  here: { user: 'ops', host: 'laptop' },
  holders: [],
  unasked: null,
  ...more,
})
const running = (works: WhoWorks, records = begun()): boolean | null =>
  isRunning(foldJournal(records)!, works)
const seen = (works: WhoWorks, records = begun()) =>
  describeReassignments({
    snapshot: makeSnapshot([]),
    disks: { sizes: new Map(), leastFree: new Map() },
    journals: [{ path: 'topic', records, torn: false }],
    who: works,
  })

describe('whether an execution runs', () => {
  it('is told by the lock of all hosts, wherever its process is: nothing is offered that would meet it', () => {
    const works = who({ holders: [holder(`reassign execute ${plan.id}`)] })
    const status = seen(works)
    expect(status.executions).toMatchObject([{ running: true }])
    expect(statusCommands(status, '')).toEqual([])
    expect(renderReassignStatus(status, plainStyle)).toContain(
      `ops@jump1  reassign execute ${plan.id}, since ${at}`,
    )
  })

  it('is not told by somebody who works on another plan, on this host or elsewhere', () => {
    expect(running(who({ holders: [holder('reassign execute drain-2', { pid: 12 })] }))).toBe(false)
    const longer = holder(`reassign execute ${plan.id}0`, { pid: 12 })
    expect(running(who({ holders: [longer] }))).toBe(false)
    expect(running(who({ here: jump1, holders: [holder('heal run', { pid: 12 })] }))).toBe(false)
  })

  it('is told by who wrote last, where the holder names no plan', () => {
    expect(running(who({ holders: [holder('heal run')] }))).toBe(true)
  })

  it('is false once nobody has the lock', () => {
    expect(running(who())).toBe(false)
    expect(statusCommands(seen(who()), '')).toEqual([
      `klinic reassign resume ${plan.id}`,
      `klinic reassign cancel ${plan.id}`,
    ])
  })

  it('is not guessed where the lock cannot be asked: that is said, and the lock is looked at first', () => {
    const status = seen(who({ unasked: 'no right to describe the group' }))
    expect(status.executions).toMatchObject([{ running: null }])
    expect(status.warnings.join()).toContain('no right to describe the group')
    expect(statusCommands(status, '')).toEqual(['klinic lock show'])
    expect(renderReassignStatus(status, plainStyle)).toContain('nobody here can tell')
    expect(running(who({ here: jump1, unasked: 'down' }))).toBe(false)
  })

  it('is not known of another host that took its own lock only', () => {
    expect(running(who(), begun({ lock: 'this host only' }))).toBeNull()
    expect(running(who({ here: jump1 }), begun({ lock: 'this host only' }))).toBe(false)
  })

  it('is not taken from the lock of this host for another user of it: each has one of its own', () => {
    const here = { user: 'cron', host: 'jump1' }
    expect(running(who({ here, unasked: 'down' }))).toBeNull()
    expect(running(who({ here, holders: [holder(`reassign resume ${plan.id}`)] }))).toBe(true)
  })

  it('is asked of the lock of all hosts only where something is unfinished that does not run here', () => {
    const journals = [{ path: 'p', records: begun(), torn: false }]
    expect(needsAsking(journals, [])).toBe(true)
    expect(needsAsking(journals, [holder('heal run', { pid: 12 })])).toBe(true)
    expect(needsAsking(journals, [holder(`reassign execute ${plan.id}`)])).toBe(false)
    const ended = { type: 'ended', at, outcome: 'finished', message: '' } as const
    expect(needsAsking([{ ...journals[0]!, records: [...begun(), ended] }], [])).toBe(false)
  })
})
