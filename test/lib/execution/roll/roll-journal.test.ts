import { describe, expect, it } from 'vitest'

import { foldRoll, remainingSteps } from '../../../../src/lib/execution/roll/roll-journal.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import type { JournalRecord, RestartPhase } from '../../../../src/lib/ports/journal.js'

const at = '2026-11-21T11:00:00.000Z'
const steps = [1, 2, 3].map((broker) => ({ type: 'restart', broker, batch: broker }))
const started = {
  type: 'started',
  format: 'klinic.journal/1',
  at,
  executionId: 'e',
  planSha256: 's',
  plan: { kind: 'roll', steps } as unknown as Plan,
  actor: { user: 'u', host: 'h', pid: 1 },
  options: {},
} as const
const enter = (broker: number, phase: RestartPhase): JournalRecord => ({
  type: 'restart',
  at,
  broker,
  phase,
  ...(phase === 'stopping' ? { process: { pid: 40 + broker, startTicks: '9' } } : {}),
})
const fold = (...records: readonly JournalRecord[]) => foldRoll([started, ...records])

describe('the journal of a roll, read back', () => {
  it('tells done brokers from those that may be down, and knows which process was to be stopped', () => {
    const state = fold(
      enter(1, 'gate'),
      enter(1, 'stopping'),
      enter(1, 'done'),
      enter(2, 'stopping'),
      enter(2, 'stopped'),
    )
    expect(state?.interrupted).toEqual(new Map([[2, { pid: 42, startTicks: '9' }]]))
    expect(state === null ? [] : remainingSteps(state).map((step) => step.broker)).toEqual([2, 3])
  })

  it('counts a broker that was only waited for as untouched', () => {
    expect(fold(enter(1, 'gate'), enter(1, 'pre-stop'))?.interrupted).toEqual(new Map())
  })

  it('looks behind a failure at what it interrupted', () => {
    expect(fold(enter(1, 'starting'), enter(1, 'failed'))?.interrupted.has(1)).toBe(true)
    expect(fold(enter(1, 'gate'), enter(1, 'failed'))?.interrupted.has(1)).toBe(false)
  })

  it('knows a broker that was in sync again and failed after that for one that is up and not done', () => {
    const state = fold(enter(1, 'starting'), enter(1, 'recovered'), enter(1, 'failed'))
    expect(state?.interrupted.has(1)).toBe(true)
    expect(state?.mayBeDown.has(1)).toBe(false)
    expect(fold(enter(1, 'starting'), enter(1, 'failed'))?.mayBeDown.has(1)).toBe(true)
  })

  it('is over only when it was finished or given up', () => {
    expect(fold({ type: 'ended', at, outcome: 'interrupted', message: '' })?.isOver).toBe(false)
    expect(fold({ type: 'ended', at, outcome: 'finished', message: '' })?.isOver).toBe(true)
  })
})
