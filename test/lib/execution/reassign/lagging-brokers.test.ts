import { describe, expect, it } from 'vitest'

import { cancelSession } from '../../../../src/lib/execution/reassign/cancel.js'
import { makeMove } from './builders.js'
import { at, play, playIn, stage, type Scene } from './scene.js'

/** One replica goes; with ZooKeeper that waits until the others are in sync. Both lists together look like the first. */
const FEWER: Scene = {
  mode: 'zookeeper',
  moves: [makeMove(0, [1, 2, 3], [1, 2])],
  prepare: (cluster) => cluster.kill(2),
  incidents: [at(15_000, (cluster) => cluster.start(2))],
  settings: { patienceMs: 60_000 },
  lagsMs: Array.from({ length: 400 }, () => 2_500),
}
/** Sent before this process began, and in flight for long. */
const SENT = ['intent', 'submitted', 'copying'] as const
const BEGUN: Scene = {
  ...FEWER,
  journal: SENT.map((state) => ({
    type: 'move',
    at: '2023-11-14T22:00:00.000Z',
    step: 0,
    state,
  })),
  prepare: (cluster) => {
    cluster.kill(2)
    cluster.alter('orders', 0, [1, 2])
  },
}

describe('while brokers tell what the controller knows only later', () => {
  it('a move that ended a moment ago is not taken for cancelled', async () => {
    const { report, states, cluster } = await play(BEGUN)
    expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [1, 2], target: null })
    expect([report.code, states]).toEqual([expect.any(String), ['done']])
    expect(report).toMatchObject({ exit: 'done', differences: [] })
  })

  it('a move that ended a moment before its cancel is not said to be undone', async () => {
    const scene: Scene = { ...BEGUN, incidents: [] }
    const world = stage(scene)
    world.cluster.start(2)
    world.pass(2_500)
    const work: Scene['work'] = (session) => cancelSession(session, 'undo')
    const { report, states } = await playIn(world, { ...scene, work })
    expect(world.cluster.partition('orders', 0)?.replicas).toEqual([1, 2])
    expect([report.exit, states]).toEqual(['done', ['done']])
  })
})
