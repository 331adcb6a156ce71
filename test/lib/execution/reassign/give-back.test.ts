import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { endOfCleanup } from '../../../../src/lib/execution/reassign/cleanup.js'
import { concludeSession } from '../../../../src/lib/execution/reassign/session.js'
import type { JournalRecord } from '../../../../src/lib/ports/journal.js'
import { makeMove } from './builders.js'
import { playIn, stage, type Played, type Scene } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

const AT = '2023-11-14T22:13:00.000Z'
const LIST = 'follower.replication.throttled.replicas'
const RATE = 'follower.replication.throttled.rate'
const TOPIC = { type: 'topic', name: 'orders' } as const
const BROKER = { type: 'broker', name: '3' } as const
const HELD: readonly JournalRecord[] = [
  { type: 'throttle', at: AT, resource: TOPIC, key: LIST, before: null, mine: '0:3' },
  { type: 'throttle', at: AT, resource: BROKER, key: RATE, before: null, mine: '5000100' },
]
const prepare: NonNullable<Scene['prepare']> = ({ configs }) => {
  configs.set(`topic orders ${LIST}`, '0:3').set(`broker 3 ${RATE}`, '5000100')
}

/** An execution that ends while its cluster is out of reach, for so long. */
function endsOutOfReach(forMs: number, scene: Partial<Scene> = {}): Promise<Played> {
  const whole: Scene = { journal: HELD, prepare, ...scene }
  const world = stage(whole)
  const work: Scene['work'] = (session) =>
    concludeSession(session, () => {
      world.cluster.outOfReach = true
      world.later(forMs, (cluster) => (cluster.outOfReach = false))
      return endOfCleanup(session)
    })
  return playIn(world, { ...whole, work })
}

describe('giving the throttle back', () => {
  it('is tried again when the cluster is out of reach for a moment', async () => {
    const { cluster, report, notes } = await endsOutOfReach(10_000)
    expect([...cluster.configs]).toEqual([])
    expect([report.exit, report.debts, notes]).toEqual(['done', [], []])
  })

  it('is tried again after a signal, too: nobody else gives it back', async () => {
    const { cluster } = await endsOutOfReach(10_000, { stop: AbortSignal.abort() })
    expect([...cluster.configs]).toEqual([])
  })

  it('is given up after half a minute, and then said to be left', async () => {
    const { cluster, world, report, notes } = await endsOutOfReach(600_000)
    expect(cluster.configs.size).toBe(2)
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'THROTTLE_OWED' })
    expect(notes.join()).toContain('THROTTLE_LEFT')
    expect(world.elapsedMs()).toBeLessThan(60_000)
  })

  it('is tried once where the run has waited for the cluster in vain', async () => {
    const scene: Scene = { journal: HELD, prepare }
    const world = stage(scene)
    world.cluster.outOfReach = true
    const away = new OperatorError({ code: 'X', message: 'nobody answers', exit: 'unreachable' })
    const work: Scene['work'] = (session) => concludeSession(session, () => Promise.reject(away))
    await expect(playIn(world, { ...scene, work })).rejects.toMatchObject({ code: 'X' })
    expect(world.elapsedMs()).toBeLessThan(3_000)
  })

  it('leaves what is owed as it is while moves need it that go on in the cluster', async () => {
    const moves = [makeMove(0, [1, 2], [3, 2])]
    const debt = { type: 'release', at: AT, outcome: 'debt' } as const
    const journal: readonly JournalRecord[] = [
      { type: 'move', at: AT, step: 0, state: 'copying' },
      ...HELD,
      { ...debt, resource: TOPIC, key: LIST, entries: '0:3' },
      { ...debt, resource: BROKER, key: RATE, entries: '5000100' },
    ]
    const prepared = (cluster: SimulatedCluster): void => {
      prepare(cluster)
      cluster.alter('orders', 0, [3, 2])
    }
    const work: Scene['work'] = (session) => concludeSession(session, () => endOfCleanup(session))
    const scene: Scene = { moves, journal, prepare: prepared, copyMs: 600_000, work }
    const { cluster, world } = await playIn(stage(scene), scene)
    expect(cluster.partition('orders', 0)?.target).toEqual([3, 2])
    expect([...cluster.configs.values()]).toEqual(['0:3', '5000100'])
    expect(world.elapsedMs()).toBeLessThan(20_000)
  })
})
