import { describe, expect, it, vi } from 'vitest'

import { runSession, type OpenSession } from '../../../../src/lib/execution/reassign/session.js'
import { at, MOVES, playIn, stage, type Scene } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

/** A scene in which it takes 8 s to put moves under the throttle: brokers hang. */
function playSlowly(scene: Scene) {
  const world = stage(scene)
  const work = (session: OpenSession) => {
    const admit = session.lease.admit.bind(session.lease)
    vi.spyOn(session.lease, 'admit').mockImplementation((...given) => {
      world.pass(8_000)
      return admit(...given)
    })
    return runSession(session)
  }
  return playIn(world, { ...scene, work })
}

describe('a round that lasts long', () => {
  it('does not override what somebody else has begun with a partition meanwhile', async () => {
    const interfere = (cluster: SimulatedCluster): void => void cluster.alter('orders', 0, [4, 2])
    const { report, cluster, world } = await playSlowly({
      moves: MOVES.slice(0, 1),
      incidents: [at(3_000, interfere)],
    })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR' })
    expect(world.submitted).toEqual([])
    expect(cluster.partition('orders', 0)?.replicas).toEqual([4, 2])
    expect(cluster.configs.size).toBe(0)
  })

  it('starts nothing beside what somebody else has begun elsewhere meanwhile', async () => {
    const interfere = (cluster: SimulatedCluster): void => {
      cluster.addPartition('theirs', 0, [1])
      cluster.alter('theirs', 0, [4])
    }
    const incidents = [at(7_000, interfere)]
    const { report, world } = await playSlowly({ incidents, copyMs: 9_000 })
    expect([report.code, world.submitted]).toEqual(['FOREIGN_OPERATOR', []])
    const beside = await playSlowly({ incidents, copyMs: 9_000, settings: { besideOthers: true } })
    expect(beside.report.exit).toBe('done')
  })

  it('makes every move although every round is like that', async () => {
    const { report } = await playSlowly({})
    expect(report).toMatchObject({ exit: 'done', moves: { done: 3 }, debts: [] })
  })
})
