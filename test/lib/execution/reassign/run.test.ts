import { describe, expect, it } from 'vitest'

import { at, MOVES, play } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

describe('when reality changes while a plan is carried out', () => {
  it('makes every move when nothing happens', async () => {
    const { report, cluster, states } = await play({})
    expect(report).toMatchObject({ exit: 'done', outcome: 'finished', differences: [], debts: [] })
    expect(states).toEqual(['done', 'done', 'done'])
    expect(cluster.partition('orders', 2)).toMatchObject({ replicas: [3, 1], leader: 3 })
    expect(cluster.configs.size).toBe(0)
  })

  it('finishes what is under way when asked to stop, and starts nothing more', async () => {
    const stop = new AbortController()
    const incidents = [at(500, () => stop.abort())]
    const { report, cluster, states } = await play({ incidents, stop: stop.signal })
    expect(report).toMatchObject({ exit: 'interrupted', outcome: 'interrupted' })
    expect(states).toEqual(['done', undefined, undefined])
    expect(report.left.map(({ partition }) => partition)).toEqual(['orders-1', 'orders-2'])
    expect(cluster.configs.size).toBe(0)
  })

  it('does the same when its time is up', async () => {
    const { report, states } = await play({ settings: { forMs: 1_000 } })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'TIME_IS_UP' })
    expect(states).toEqual(['done', undefined, undefined])
  })

  it('leaves out the moves of a topic that was deleted, and is done', async () => {
    const incidents = [at(500, (cluster) => cluster.topics.delete('orders'))]
    const { report } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'done', outcome: 'finished', debts: [] })
    expect(report.skipped.map(({ reason }) => reason?.code)).toEqual([
      'TOPIC_DELETED',
      'TOPIC_DELETED',
      'TOPIC_DELETED',
    ])
  })

  it('touches no topic that was made again under the same name', async () => {
    const remake = (cluster: SimulatedCluster): void => {
      cluster.topics.delete('orders')
      for (const { partition, from } of MOVES) cluster.addPartition('orders', partition, from)
      cluster.topics.get('orders')!.id = 'another-id'
    }
    const { report, cluster } = await play({ incidents: [at(500, remake)] })
    expect(report.skipped).toHaveLength(3)
    expect(cluster.partition('orders', 1)?.replicas).toEqual([2, 3])
  })

  it('stops starting when somebody else moves a partition', async () => {
    const interfere = (cluster: SimulatedCluster): void => {
      cluster.addPartition('theirs', 0, [1])
      cluster.alter('theirs', 0, [4])
    }
    const { report, states } = await play({ incidents: [at(500, interfere)] })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR' })
    expect(states).toEqual(['done', undefined, undefined])
    const beside = { incidents: [at(500, interfere)], settings: { besideOthers: true } }
    expect((await play(beside)).report.exit).toBe('done')
  })

  it('stops when somebody else gives a partition of the plan another target', async () => {
    const interfere = (cluster: SimulatedCluster): void => {
      cluster.alter('orders', 0, [4, 2])
    }
    const { report, cluster } = await play({ incidents: [at(500, interfere)] })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR' })
    expect(report.skipped).toMatchObject([{ partition: 'orders-0' }])
    expect(cluster.configs.size).toBe(0)
  })

  it('gives up on a target that stays down, with exit 7, and keeps no throttle but a debt', async () => {
    const incidents = [at(500, (cluster) => cluster.kill(3))]
    const { report, states } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'needsPerson', code: 'BROKER_DOWN' })
    expect(states).toEqual(['copying', undefined, undefined])
    expect(report.debts.map(({ resource }) => resource.name)).toEqual(['3', '3'])
  })

  it('waits for a target that comes back', async () => {
    const incidents = [
      at(500, (cluster) => cluster.kill(3)),
      at(9_000, (cluster) => cluster.start(3)),
    ]
    expect((await play({ incidents })).report).toMatchObject({ exit: 'done', debts: [] })
  })
})
