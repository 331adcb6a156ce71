import { beforeEach, describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { carryOutRoll } from '../../../../src/lib/execution/roll/carry-out-roll.js'
import type { RollDeps, RollOptions } from '../../../../src/lib/execution/roll/roll-deps.js'
import { runRoll } from '../../../../src/lib/execution/roll/run-roll.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import { IDS, stepOf, World } from './world.js'

let world: World
const acts = () => world.log.filter((line) => /^(stop|start) /.test(line))

const unwritable = new OperatorError({
  code: 'JOURNAL_UNWRITABLE',
  message: 'The journal /state/roll-1.jsonl cannot be written (ENOSPC: no space left on device).',
  nextSteps: ['make room for it, then: klinic reassign status'],
  exit: 'failed',
})

/** The functions of the world, with a journal that takes nothing any more once it is given the first of these lines. */
function depsFullFrom(...lines: readonly string[]): RollDeps {
  const deps = world.deps()
  let isFull = false
  return {
    ...deps,
    record: (fact) => {
      isFull ||= lines.includes(`${fact.phase} ${fact.broker}`)
      return isFull ? Promise.reject(unwritable) : deps.record(fact)
    },
  }
}

const run = (
  deps: RollDeps,
  batches: readonly (readonly number[])[] = [[1], [2], [3]],
  options: Partial<RollOptions> = {},
) =>
  runRoll(deps, {
    steps: batches.flatMap((ids, index) => ids.map((id) => ({ ...stepOf(id), batch: index + 1 }))),
    baseline: { brokers: IDS, topics: 1 },
    options: { ...world.options, ...options },
    activeController: () => Promise.resolve(null),
  })

beforeEach(() => {
  world = new World()
})

describe('a journal that takes no more records', () => {
  it.each(['stopped 1', 'starting 1', 'started 1'])(
    'from "%s" on leaves no broker down: it is started and seen in sync, and no other is touched',
    async (line) => {
      const outcome = await run(depsFullFrom(line))
      expect(acts()).toEqual(['stop 1', 'start 1'])
      expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'needsPerson' })
      expect(outcome.failure?.message).toContain('/state/roll-1.jsonl')
      expect(outcome.failure?.message).toContain(`broker 1 is up and in sync`)
      expect(outcome.failure?.message).toContain(line.split(' ')[0])
      expect(outcome.failure?.nextSteps).toContain('klinic roll resume')
      expect(outcome.brokers.map(({ result }) => result)).toEqual([
        'failed',
        'not-started',
        'not-started',
      ])
    },
  )

  it('lets every broker of a batch come back, whichever of them was told first', async () => {
    world.minIsr = 1
    const outcome = await run(depsFullFrom('stopped 1', 'stopped 2'), [[1, 2], [3]])
    expect(acts().toSorted()).toEqual(['start 1', 'start 2', 'stop 1', 'stop 2'])
    expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'needsPerson' })
    expect(outcome.brokers).toMatchObject([
      { broker: 1, result: 'failed' },
      { broker: 2, result: 'failed' },
      { broker: 3, result: 'not-started' },
    ])
  })

  it('stops no broker whose stop it does not have', async () => {
    const outcome = await run(depsFullFrom('stopping 1'))
    expect(acts()).toEqual([])
    expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'stoppedHalfWay' })
    expect(outcome.failure?.nextSteps).toContain('klinic roll resume')
  })

  it('ends the roll with every broker up when only the last word on one is missing', async () => {
    const outcome = await run(depsFullFrom('done 1'))
    expect(acts()).toEqual(['stop 1', 'start 1'])
    expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'stoppedHalfWay' })
  })

  it('does not hide why the roll stopped', async () => {
    world.hooks.set('pre-stop', 7)
    const outcome = await run(depsFullFrom('failed 1'))
    expect(outcome.failure).toMatchObject({ code: 'HOOK_SAID_NO', exit: 'hookSaidNo' })
    expect(outcome.failure?.message).toContain('/state/roll-1.jsonl')
  })

  it('says beside a broker that does not come back what is missing', async () => {
    world.diesAfterMs = 2_000
    const outcome = await run(depsFullFrom('starting 1'))
    expect(outcome.failure).toMatchObject({ code: 'BROKER_DOWN', exit: 'needsPerson' })
    expect(outcome.failure?.message).toContain('/state/roll-1.jsonl')
  })

  it.each(['leave', 'rollback'] as const)(
    'is not taken for a hook that said no (%s)',
    async (onPreStartFailure) => {
      world.hooks.set('pre-start', 0).set('rollback', 0)
      const outcome = await run(depsFullFrom('pre-start 1'), [[1]], { onPreStartFailure })
      expect(acts()).toEqual(['stop 1', 'start 1'])
      expect(world.log).toContain('pre-start 1')
      expect(world.log).not.toContain('rollback 1')
      expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'needsPerson' })
    },
  )

  it('outranks a hook that said no', async () => {
    world.hooks.set('pre-start', 1)
    const outcome = await run(depsFullFrom('starting 1'))
    expect(acts()).toEqual(['stop 1', 'start 1'])
    expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'needsPerson' })
  })

  it('keeps no broker down that an earlier run left down', async () => {
    world.pids.delete(2)
    const outcome = await runRoll(depsFullFrom('starting 2'), {
      steps: [2, 3].map(stepOf),
      baseline: { brokers: IDS, topics: 1 },
      options: world.options,
      interrupted: new Map([[2, { pid: 1002, startTicks: '0' }]]),
      activeController: () => Promise.resolve(null),
    })
    expect(acts()).toEqual(['start 2'])
    expect(outcome.failure).toMatchObject({ code: 'JOURNAL_UNWRITABLE', exit: 'needsPerson' })
  })

  const carryOut = (deps: RollDeps) => {
    const plan: Pick<Plan, 'id' | 'cluster' | 'steps'> = {
      id: 'roll-1',
      cluster: { id: 'c', fingerprint: 'f' },
      steps: [2, 3].map(stepOf),
    }
    return carryOutRoll({
      plan: plan as Plan,
      deps,
      journal: {
        path: 'j',
        append: () => Promise.reject(unwritable),
        close: () => Promise.resolve(),
      },
      options: world.options,
      baseline: { brokers: IDS, topics: 1 },
      done: new Set(),
      interrupted: new Map(),
      activeController: () => Promise.resolve(null),
    })
  }

  it('does not take the report away when it misses no more than the end', async () => {
    const report = await carryOut(world.deps())
    expect(report).toMatchObject({
      complete: false,
      exit: 'stoppedHalfWay',
      failure: { code: 'JOURNAL_UNWRITABLE' },
      brokers: [{ result: 'restarted' }, { result: 'restarted' }],
    })
  })

  it('reports the worse failure where it misses more than the end', async () => {
    const report = await carryOut(depsFullFrom('stopped 2'))
    expect(report).toMatchObject({
      exit: 'needsPerson',
      failure: { code: 'JOURNAL_UNWRITABLE' },
      brokers: [{ result: 'failed' }, { result: 'not-started' }],
    })
  })
})
