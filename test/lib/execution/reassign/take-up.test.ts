import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { openJournalStore } from '../../../../src/lib/adapters/journal/open-journal-store.js'
import { findExecution, findLast, takeUp } from '../../../../src/lib/execution/reassign/take-up.js'
import type { TakeUpInput } from '../../../../src/lib/execution/reassign/take-up.js'
import type { ExecutionReport } from '../../../../src/lib/plan/execution-report.js'
import { describeAction } from '../../../../src/lib/execution/actions/describe-action.js'
import { describeReassignments } from '../../../../src/lib/execution/reassign/status.js'
import type { ActionRecord } from '../../../../src/lib/ports/action-log.js'
import { renderReassignStatus } from '../../../../src/lib/report/execution/status-text.js'
import { plainStyle } from '../../../../src/lib/report/style.js'
import { makeSnapshot } from './builders.js'
import type { PlanKind } from '../../../../src/lib/plan/plan.js'

async function storeWith(...kinds: readonly PlanKind[]) {
  const store = openJournalStore(join(mkdtempSync(join(tmpdir(), 'klinic-take-up-')), 'state'))
  for (const [index, kind] of kinds.entries()) {
    const at = `2026-11-21T11:0${index}:00.000Z`
    const journal = await store.create({
      type: 'started',
      format: 'klinic.journal/1',
      at,
      executionId: `${kind}-1.x`,
      planSha256: '',
      plan: {
        format: 'klinic.plan/1',
        id: `${kind}-1`,
        kind,
        outcome: 'changes',
        complete: true,
        createdAt: at,
        cluster: { id: 'c', fingerprint: 'sha256:0' },
        policy: {},
        steps: [],
        deferred: [],
        findings: [],
        summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
      },
      actor: { user: 'ops', host: 'here', pid: 1 },
      options: {},
    })
    await journal.close()
  }
  return store
}

/** As much of a resume of `balance-1` as is looked at before any work on it. */
async function resumeOf(store: Awaited<ReturnType<typeof storeWith>>): Promise<TakeUpInput> {
  return {
    state: await findExecution(store, 'c', 'balance-1'),
    verb: 'resume',
    settings: { throttleBytesPerSec: null },
    actor: { user: 'ops', host: 'here', pid: process.pid },
    store,
    lock: { kind: 'this-host' },
    ports: { clock: { nowMs: () => 0, sleep: () => Promise.resolve() } },
  } as unknown as TakeUpInput
}

describe('finding the execution to go on with', () => {
  it('never takes a rolling restart for one: going on with its moves, of which it has none, would close it', async () => {
    const store = await storeWith('roll')
    await expect(findExecution(store, 'c', undefined)).rejects.toMatchObject({ exit: 'usage' })
    await expect(findExecution(store, 'c', 'roll-1')).rejects.toMatchObject({
      code: 'NOT_A_REASSIGNMENT',
      nextSteps: ['klinic roll resume roll-1'],
    })
    await expect(findLast(store, 'c')).rejects.toMatchObject({ exit: 'usage' })
  })

  it('finds the reassignment that was begun before a rolling restart', async () => {
    const store = await storeWith('balance', 'roll')
    expect((await findExecution(store, 'c', undefined)).started.plan.id).toBe('balance-1')
    expect((await findLast(store, 'c')).started.plan.id).toBe('balance-1')
  })
})

describe('going on with an execution', () => {
  it('leaves a cancelled one closed: nothing is written to its journal, and no other plan has to wait for it', async () => {
    const store = await storeWith('balance')
    const journal = await store.reopen('c', 'balance-1')
    const at = '2026-11-21T12:00:00.000Z'
    await journal.append([{ type: 'ended', at, outcome: 'cancelled', message: '' }])
    await journal.close()
    const before = await store.read('c', 'balance-1')
    const input = await resumeOf(store)
    const work = (): never => {
      throw new Error('worked on it')
    }
    await expect(takeUp(input, work)).rejects.toMatchObject({ code: 'CANCELLED', exit: 'stale' })
    expect(await store.read('c', 'balance-1')).toEqual(before)
  })

  it('writes down why, for status and the log of actions', async () => {
    const store = await storeWith('balance')
    const input = { ...(await resumeOf(store)), reason: 'change 4711' }
    await takeUp(input, () => Promise.resolve({} as ExecutionReport))
    const { records } = (await store.read('c', 'balance-1'))!
    expect(records.at(-1)).toMatchObject({ type: 'taken-up', reason: 'change 4711' })
    const status = describeReassignments({
      snapshot: makeSnapshot([]),
      disks: { sizes: new Map(), leastFree: new Map() },
      journals: [{ path: 'p', records, torn: false }],
      who: { here: { user: 'u', host: 'h' }, holders: [], unasked: null },
    })
    expect(status.executions).toMatchObject([
      { takenUp: { verb: 'resume', by: { user: 'ops' }, reason: 'change 4711' } },
    ])
    expect(renderReassignStatus(status, plainStyle)).toMatch(
      /resume 1970.* by ops@here: change 4711/,
    )
    const record = records.at(-1)!
    const actor = { user: 'ops', host: 'here', pid: 1 }
    const place = { clusterId: 'c', planId: 'balance-1', executionId: 'x', sequence: 1 }
    const action = { kind: 'reassign', record, actor, ...place } as unknown as ActionRecord
    expect(describeAction(action)).toMatchObject({
      what: 'reassign resume balance-1',
      outcome: 'taken up (change 4711)',
    })
  })

  it('remembers what was given again, for whoever goes on after that', async () => {
    const store = await storeWith('balance')
    const input = { ...(await resumeOf(store)), options: { ignoresWindows: true } }
    const work = () => Promise.resolve({} as ExecutionReport)
    expect(input.state.options).toEqual({})
    await takeUp(input, work)
    const { options: _none, ...plain } = input
    await takeUp(plain, work)
    expect((await findExecution(store, 'c', 'balance-1')).options).toEqual({ ignoresWindows: true })
  })
})
