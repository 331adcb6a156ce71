import { beforeEach, describe, expect, it } from 'vitest'

import { describeEvent } from '../../../../src/lib/execution/roll/describe-event.js'
import { findHandovers } from '../../../../src/lib/execution/roll/drain-leaders.js'
import { measureRestarts } from '../../../../src/lib/execution/roll/measure-restarts.js'
import { foldRoll } from '../../../../src/lib/execution/roll/roll-journal.js'
import { runRoll } from '../../../../src/lib/execution/roll/run-roll.js'
import { findRestartedSince } from '../../../../src/lib/execution/roll/skip-restarted.js'
import { soak } from '../../../../src/lib/execution/roll/soak.js'
import type { JournalRecord, RestartPhase } from '../../../../src/lib/ports/journal.js'
import { IDS, stepOf, World } from './world.js'

let world: World
const acts = () => world.log.filter((line) => /^(stop|start) /.test(line))

beforeEach(() => {
  world = new World()
})

describe('a pre-start hook that fails while the broker is to be left down', () => {
  it('needs a person: a broker is down, whatever the hook said', async () => {
    world.hooks.set('pre-start', 3)
    const outcome = await runRoll(world.deps(), {
      steps: IDS.map(stepOf),
      baseline: { brokers: IDS, topics: 1 },
      options: { ...world.options, onPreStartFailure: 'leave' },
      activeController: () => Promise.resolve(3),
    })
    expect(outcome.failure).toMatchObject({ code: 'HOOK_SAID_NO', exit: 'needsPerson' })
    expect(outcome.failure?.message).toContain('broker 1 is left down, as asked')
    expect(acts()).toEqual(['stop 1'])
  })
})

describe('a drained roll', () => {
  it('hands leaders over before each stop, written down first, and gives the order back', async () => {
    world.drain = true
    const outcome = await world.run([[1]])
    expect(outcome.failure).toBeNull()
    const of = (line: string) => world.log.indexOf(line)
    expect(world.log).toContain('reorder 213')
    expect(of('draining 1')).toBeLessThan(of('reorder 213'))
    expect(of('reorder 213')).toBeLessThan(of('stop 1'))
    expect(of('recovered 1')).toBeGreaterThan(of('started 1'))
  })

  it('leaves to the stop what nobody else in sync can lead, and what is being moved', () => {
    const partition = { id: 0, replicas: [1, 2], isr: [1, 2], leader: 1 }
    const of = (change: object) => {
      const topics = [{ name: 't', partitions: [{ ...partition, ...change }] }]
      const snapshot = { topics } as unknown as Parameters<typeof findHandovers>[0]
      return findHandovers(snapshot, 1, new Set([1]))
    }
    expect(of({})).toEqual([{ topic: 't', partition: 0, replicas: [1, 2], meanwhile: [2, 1] }])
    expect(of({ isr: [1] })).toEqual([])
    expect(of({ leader: 2 })).toEqual([])
    expect(of({ adding: [3] })).toEqual([])
  })
})

describe('an estimate', () => {
  it('comes from what finished batches took, and is within 30 % of what follows', async () => {
    await world.run()
    const said = world.events.filter((event) => event.type === 'eta')
    expect(said.map(({ remaining }) => remaining)).toEqual([2, 1])
    const endMs = world.now
    const last = said[1]
    expect(describeEvent(last ?? said[0]!)).toMatch(/^cluster: 1 to go, about \d+ s$/)
    expect(last?.seconds).toBeGreaterThan((endMs / 3000) * 0.7)
    expect(last?.seconds).toBeLessThan((endMs / 3000) * 1.3)
  })

  it('is read from the journals of earlier rolls', () => {
    const at = (second: number) => new Date(second * 1000).toISOString()
    const record = (broker: number, phase: RestartPhase, second: number): JournalRecord => ({
      type: 'restart',
      broker,
      phase,
      at: at(second),
    })
    const records = [
      record(1, 'gate', 0),
      record(2, 'gate', 5),
      record(1, 'done', 20),
      record(2, 'failed', 30),
      record(2, 'done', 90),
    ]
    expect(measureRestarts(records)).toEqual([20])
  })
})

describe('the order of a roll', () => {
  const run = (keepOrder: boolean) =>
    runRoll(world.deps(), {
      steps: [3, 1, 2].map((broker, index) => ({ ...stepOf(broker), batch: index + 1 })),
      baseline: { brokers: IDS, topics: 1 },
      options: { ...world.options, keepOrder },
      activeController: () => Promise.resolve(3),
    })

  it('is kept exactly where hosts were listed, the active controller included', async () => {
    await run(true)
    expect(acts()[0]).toBe('stop 3')
  })

  it('puts the controller last otherwise', async () => {
    await run(false)
    expect(acts()[0]).toBe('stop 1')
  })
})

describe('the pause between brokers', () => {
  const times = () => ({ ...world.options.times, soakMs: 60_000 })

  it('is as long as asked while consumers keep up', async () => {
    world.lags = [500, 400]
    await soak(world.deps(), times())
    expect(world.now).toBe(60_000)
  })

  it('is longer while they fall behind, and says so once', async () => {
    world.lags = [100, 200, 300, 300]
    await soak(world.deps(), times())
    expect(world.now).toBe(80_000)
    expect(world.events).toHaveLength(1)
  })

  it('ends after ten times as long, however far they fall behind', async () => {
    world.lags = Array.from({ length: 1000 }, (_, index) => index)
    await soak(world.deps(), times())
    expect(world.now).toBe(600_000)
  })
})

describe('brokers that were started since a moment', () => {
  it('are told by the age of their process; one that does not run is not among them', () => {
    const check = { stopTimeoutMs: null, text: '' }
    const checks = [
      { broker: 1, running: true, ageSeconds: 50, ...check },
      { broker: 2, running: true, ageSeconds: 500, ...check },
      { broker: 3, running: false, ageSeconds: null, ...check },
    ]
    expect(findRestartedSince(checks, 900_000, 1_000_000)).toEqual([1])
    expect(findRestartedSince(checks, null, 1_000_000)).toEqual([])
  })
})

describe('the journal of a roll', () => {
  const step = (phase: RestartPhase, extra: object = {}) =>
    ({ type: 'restart', at: '', broker: 1, phase, ...extra }) as JournalRecord
  const started = {
    type: 'started',
    plan: { kind: 'roll', steps: [] },
    options: { roll: 'old' },
  } as unknown as JournalRecord
  const drained = [{ topic: 't', partition: 0, replicas: [1, 2] }]

  it('remembers lists whose order was changed until it was given back', () => {
    const records = [started, step('draining', { drained }), step('stopping')]
    expect(foldRoll(records)?.drained.get(1)).toEqual(drained)
    expect(foldRoll([...records, step('recovered')])?.drained.get(1)).toEqual([])
  })

  it('holds the options that a resume put in place of the first ones', () => {
    const actor = { user: 'u', host: 'h', pid: 1 }
    const resumed: JournalRecord = {
      type: 'taken-up',
      at: '',
      verb: 'resume',
      actor,
      options: { roll: 'new' },
    }
    expect(foldRoll([started])?.options).toEqual({ roll: 'old' })
    expect(foldRoll([started, resumed])?.options).toEqual({ roll: 'new' })
  })
})
