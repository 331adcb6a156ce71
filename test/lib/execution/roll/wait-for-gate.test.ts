import { beforeEach, describe, expect, it } from 'vitest'

import type { RollDeps } from '../../../../src/lib/execution/roll/roll-deps.js'
import { waitForGate } from '../../../../src/lib/execution/roll/wait-for-gate.js'
import { IDS, World } from './world.js'

let world: World
const baseline = { brokers: IDS, topics: 1 }

beforeEach(() => {
  world = new World()
})

const wish = {
  broker: 1,
  nextStop: new Set([1]),
  unclean: false,
  judgeLeaders: true,
  avoid: new Set([1]),
  ask: [],
  interruptible: true,
}

const pass = (deps: Partial<RollDeps>): Promise<void> =>
  waitForGate({ ...world.deps(), ...deps }, baseline, world.options, wish)

describe('the wait before a stop', () => {
  it('does not believe that a broker is there which was killed a moment ago, and names it', async () => {
    const isBack = (): boolean => world.now >= 15_000
    await pass({ answers: (id) => Promise.resolve(id !== 3 || isBack()) })
    expect(world.now).toBeGreaterThanOrEqual(15_000)
    expect(world.events).toContainEqual(
      expect.objectContaining({
        type: 'wait',
        text: 'broker 3 does not answer by itself (BROKER_MISSING)',
      }),
    )
  })

  it('ends when that broker never comes back, with every broker that is up left up', async () => {
    const waiting = pass({ answers: (id) => Promise.resolve(id !== 3) })
    await expect(waiting).rejects.toMatchObject({ code: 'GATE_STALLED', exit: 'stoppedHalfWay' })
  })

  it('elects leaders itself where they are all that is missing: the cluster may never do it', async () => {
    const deps = world.deps()
    let isElected = false
    await pass({
      sample: async (avoid) => {
        const samples = await deps.sample(avoid)
        if (isElected) return samples
        return samples.map((sample) => ({
          ...sample,
          topics: sample.topics.map((topic) => ({
            ...topic,
            partitions: topic.partitions.map((partition) => ({ ...partition, leader: 1 })),
          })),
        }))
      },
      electPreferred: (partitions) => {
        isElected = true
        expect(partitions.map(({ partition }) => partition)).toEqual([2, 3])
        return Promise.resolve(partitions.map(() => ({ status: 'ok' })))
      },
    })
    expect(isElected).toBe(true)
  })

  it('looks three times over four seconds, whatever a look itself takes', async () => {
    const deps = world.deps()
    const begun: number[] = []
    await pass({
      sample: (avoid) => {
        begun.push(world.now)
        world.now += begun.length === 1 ? 900 : 300
        return deps.sample(avoid)
      },
    })
    expect(begun).toHaveLength(3)
    expect((begun[2] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(4_000)
    expect(world.now).toBeLessThan(4_500)
  })

  it('counts anew after each flap of a replica', async () => {
    const deps = world.deps()
    const flapsUntilMs = 20_000
    let looks = 0
    await pass({
      sample: async (avoid) => {
        looks += 1
        const isFlap = world.now < flapsUntilMs && looks % 3 === 0
        const samples = await deps.sample(avoid)
        return isFlap ? samples.map((sample) => ({ ...sample, topics: [] })) : samples
      },
    })
    expect(world.now).toBeGreaterThanOrEqual(flapsUntilMs)
  })
})
