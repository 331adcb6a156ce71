import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { carryOutRoll } from '../../../../src/lib/execution/roll/carry-out-roll.js'
import type { ProcessIdentity } from '../../../../src/lib/execution/roll/read-service.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import { stepOf, World } from './world.js'

const unreachable = new OperatorError({
  code: 'HOST_UNREACHABLE',
  message: 'h3 does not answer',
  nextSteps: [],
  exit: 'unreachable',
})

function carryOut(world: World, interrupted: ReadonlyMap<number, ProcessIdentity | null>) {
  const deps = world.deps()
  const plan: Pick<Plan, 'id' | 'cluster' | 'steps'> = {
    id: 'roll-1',
    cluster: { id: 'c', fingerprint: 'f' },
    steps: [2, 3].map(stepOf),
  }
  return carryOutRoll({
    plan: plan as Plan,
    deps: {
      ...deps,
      connect: (id) => (id === 3 ? Promise.reject(unreachable) : deps.connect(id)),
    },
    journal: { path: 'j', append: () => Promise.resolve(), close: () => Promise.resolve() },
    options: world.options,
    baseline: { brokers: [1, 2, 3], topics: 1 },
    done: new Set(),
    interrupted,
    activeController: () => Promise.resolve(null),
  })
}

describe('a host that is not ready', () => {
  it('stops a roll before its first stop', async () => {
    const world = new World()
    const report = await carryOut(world, new Map())
    expect(report).toMatchObject({ exit: 'unreachable', failure: { code: 'HOST_UNREACHABLE' } })
    expect(world.log).toEqual([])
  })

  it('is not even asked while a group of the consumer gate is one that nobody knows', async () => {
    const world = new World()
    world.unknownGroups = ['biling']
    const report = await carryOut(world, new Map())
    expect(report).toMatchObject({ exit: 'refused', failure: { code: 'CONSUMER_GROUP_UNKNOWN' } })
    expect(report.failure?.message).toContain('biling')
    expect(world.log).toEqual([])
  })

  it('lets a resume touch nothing that was never stopped', async () => {
    const world = new World()
    const report = await carryOut(world, new Map([[2, { pid: 1002, startTicks: '0' }]]))
    expect(world.log).not.toContain('stop 2')
    expect(report).toMatchObject({
      exit: 'unreachable',
      brokers: [
        { broker: 2, result: 'not-started' },
        { broker: 3, result: 'not-started' },
      ],
    })
  })

  it('does not keep a resume from starting the broker that was left down', async () => {
    const world = new World()
    world.pids.delete(2)
    const report = await carryOut(world, new Map([[2, null]]))
    expect(world.log).toContain('start 2')
    expect(report).toMatchObject({
      exit: 'unreachable',
      brokers: [
        { broker: 2, result: 'restarted' },
        { broker: 3, result: 'not-started' },
      ],
    })
  })
})
