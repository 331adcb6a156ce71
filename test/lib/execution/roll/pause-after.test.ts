import { beforeEach, describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { comparePace, measurePace } from '../../../../src/lib/execution/roll/pause-after.js'
import { runRoll } from '../../../../src/lib/execution/roll/run-roll.js'
import { IDS, stepOf, World } from './world.js'

let world: World
const acts = () => world.log.filter((line) => /^(stop|start) /.test(line))
const roll = (partitionsAtRisk = 0) =>
  runRoll(world.deps(), {
    steps: IDS.map((id) => ({ ...stepOf(id), partitionsAtRisk })),
    baseline: { brokers: IDS, topics: 1 },
    options: world.options,
    activeController: () => Promise.resolve(3),
    pauseAfter: 1,
  })

beforeEach(() => {
  world = new World()
})

describe('a roll that pauses', () => {
  it('shows what the cluster does beside what it did, and goes on when the operator says so', async () => {
    world.goesOn = true
    const { failure, brokers } = await roll()
    expect(failure).toBeNull()
    expect(brokers.map(({ result }) => result)).toEqual(['restarted', 'restarted', 'restarted'])
    expect(world.log.filter((line) => line.includes('go on'))).toEqual([
      '1 broker restarted; go on with the others?',
    ])
    const said = world.events.flatMap((event) => (event.type === 'warning' ? [event.text] : []))
    expect(said).toContain('broker 1: 10 records/s in before, 10 now')
    expect(said).toContain('all others: 50 records/s in before, 50 now')
  })

  it('stops there when the operator says no, or cannot be asked: the rest is for a resume', async () => {
    const { failure, brokers } = await roll()
    expect(failure).toBeNull()
    expect(acts()).toEqual(['stop 1', 'start 1'])
    expect(brokers.map(({ result }) => result)).toEqual(['restarted', 'not-started', 'not-started'])
  })

  it('says how long partitions were away at most that a flag gave up', async () => {
    const { brokers } = await roll(4)
    expect(brokers[0]?.outage?.partitions).toBe(4)
    expect(brokers[0]?.outage?.seconds).toBeGreaterThan(5)
    expect(brokers[1]?.outage).toBeUndefined()
  })
})

describe('figures before and after', () => {
  it('are not worth a roll: a cluster that does not let itself be measured is said to be so', async () => {
    const deps = world.deps()
    const refusal = new OperatorError({
      code: 'NOT_AUTHORISED',
      message: 'offsets may not be read',
      nextSteps: [],
      exit: 'notAuthorised',
    })
    const pace = await measurePace({ ...deps, appendRates: () => Promise.reject(refusal) })
    expect(pace).toBeNull()
    expect(world.events).toMatchObject([{ text: 'not measured: offsets may not be read' }])
  })

  it('are question marks where nobody could tell, and name the lag where there is one', () => {
    const pace = { recordsPerSec: new Map([[1, 4.6]]), lag: 12 }
    expect(comparePace([1], null, pace)).toEqual([
      'broker 1: ? records/s in before, 5 now',
      'all others: ? records/s in before, 0 now',
      'consumers: ? records behind before, 12 now',
    ])
  })
})
