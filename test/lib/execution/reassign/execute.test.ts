import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { openJournalStore } from '../../../../src/lib/adapters/journal/open-journal-store.js'
import type { ExecutionEvent } from '../../../../src/lib/execution/reassign/events.js'
import { executePlan, type ExecuteInput } from '../../../../src/lib/execution/reassign/execute.js'

const plan = { id: 'balance-1', kind: 'balance', cluster: { id: 'c' }, steps: [] }
const store = openJournalStore(join(mkdtempSync(join(tmpdir(), 'klinic-execute-')), 'state'))

function inputWith(writeRollback: () => Promise<string>): ExecuteInput {
  return {
    plan,
    planSha256: '',
    preparation: { moves: [], skipped: new Map(), lifted: [] },
    settings: { throttleBytesPerSec: null, limits: {} },
    actor: { user: 'ops', host: 'here', pid: process.pid },
    store,
    lock: { kind: 'this-host' },
    ports: {
      clock: { nowMs: () => 0, sleep: () => Promise.resolve() },
      stop: new AbortController().signal,
    },
    writeRollback,
  } as unknown as ExecuteInput
}

describe('beginning an execution', () => {
  it('has not begun when the way back cannot be written: the plan may be executed again', async () => {
    const input = inputWith(() => Promise.reject(new Error('read-only')))
    await expect(executePlan(input)).rejects.toThrow('read-only')
    expect(await store.read('c', 'balance-1')).toBeNull()
    expect(await store.holder('c')).toBeNull()
  })

  it('has not begun when it was stopped before: the plan may be executed another time', async () => {
    const input = inputWith(() => Promise.reject(new Error('reached the way back')))
    const ports = { ...input.ports, stop: AbortSignal.abort() }
    await expect(executePlan({ ...input, ports })).rejects.toMatchObject({ exit: 'interrupted' })
    expect(await store.read('c', 'balance-1')).toBeNull()
  })

  it('leaves the way back of a plan alone that was begun before', async () => {
    const at = '2026-11-21T11:00:00.000Z'
    const actor = { user: 'ops', host: 'here', pid: 1 }
    const options = {}
    const base = { type: 'started', format: 'klinic.journal/1', at, planSha256: '' } as const
    const started = { ...base, executionId: 'x', plan, actor, options }
    const journal = await store.create(started as unknown as Parameters<typeof store.create>[0])
    await journal.close()
    let written = 0
    const input = inputWith(() => {
      written += 1
      return Promise.resolve('file')
    })
    await expect(executePlan(input)).rejects.toMatchObject({
      code: 'PLAN_ALREADY_EXECUTED',
      nextSteps: ['klinic reassign resume balance-1', 'klinic reassign cancel balance-1'],
    })
    const again = await store.reopen('c', 'balance-1')
    await again.append([{ type: 'ended', at, outcome: 'finished', message: '' }])
    await again.close()
    await expect(executePlan(input)).rejects.toMatchObject({
      code: 'PLAN_ALREADY_EXECUTED',
      nextSteps: [
        'klinic reassign rollback balance-1',
        'or make a new plan from the cluster as it is now',
      ],
    })
    expect(written).toBe(0)
  })

  it('goes on beside the damaged journal of another plan, and names it', async () => {
    const at = '2026-11-21T11:00:00.000Z'
    const begun = { type: 'started', format: 'klinic.journal/1', at, planSha256: '' } as const
    const other = {
      ...begun,
      executionId: 'y',
      plan: { ...plan, id: 'other-1' },
      actor: {},
      options: {},
    }
    const journal = await store.create(other as unknown as Parameters<typeof store.create>[0])
    await journal.append([{ type: 'move', at, step: 1, state: 'intent' }])
    await journal.close()
    writeFileSync(journal.path, readFileSync(journal.path, 'utf8').replace('other-1', 'other-2'))
    const notes: string[] = []
    const input = inputWith(() => Promise.reject(new Error('reached the way back')))
    const ports = {
      ...input.ports,
      onEvent: (event: ExecutionEvent) => event.type === 'note' && notes.push(event.text),
    } as ExecuteInput['ports']
    const next = { ...input, ports, plan: { ...input.plan, id: 'balance-9' } }
    await expect(executePlan(next)).rejects.toThrow('reached the way back')
    expect(notes.join()).toContain('other-1.journal is damaged in line 1')
  })
})
