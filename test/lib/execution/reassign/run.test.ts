import { describe, expect, it } from 'vitest'

import { cancelSession } from '../../../../src/lib/execution/reassign/cancel.js'
import { endOfCleanup } from '../../../../src/lib/execution/reassign/cleanup.js'
import {
  concludeSession,
  type OpenSession,
} from '../../../../src/lib/execution/reassign/session.js'
import { at, MOVES, play, playIn, stage } from './scene.js'
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

  it('stops starting when somebody else moves on what was done', async () => {
    const again = (cluster: SimulatedCluster): void => {
      cluster.alter('orders', 0, [4, 2])
    }
    const { report, states } = await play({ incidents: [at(2_600, again)] })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR' })
    expect(states).toEqual(['done', 'done', undefined])
  })

  it('leaves the leaders as planned that were lost meanwhile, because their broker was restarted', async () => {
    const restart = [
      at(2_600, (cluster) => cluster.kill(3)),
      at(3_000, (cluster) => cluster.start(3)),
    ]
    const { report, cluster } = await play({ moves: MOVES.slice(0, 2), incidents: restart })
    expect(report).toMatchObject({ exit: 'done', differences: [] })
    expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [3, 2], leader: 3 })
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

  it('gives up on a target that stays down, with exit 7; the move goes on under its throttle, which is named', async () => {
    const incidents = [at(500, (cluster) => cluster.kill(3))]
    const played = await play({ incidents })
    expect(played.report).toMatchObject({ exit: 'needsPerson', code: 'BROKER_DOWN', debts: [] })
    expect(played.states).toEqual(['copying', undefined, undefined])
    const kept = played.report.kept.map(({ resource, key }) => `${resource.name} ${key}`)
    expect(kept.sort()).toEqual([
      '1 follower.replication.throttled.rate',
      '1 leader.replication.throttled.rate',
      '2 follower.replication.throttled.rate',
      '2 leader.replication.throttled.rate',
      '3 follower.replication.throttled.rate',
      '3 leader.replication.throttled.rate',
      'orders follower.replication.throttled.replicas',
      'orders leader.replication.throttled.replicas',
    ])
  })

  it('gives the throttle of such a move back when it is cancelled, and owes what the dead broker has: exit 5', async () => {
    const { world } = await play({ incidents: [at(500, (cluster) => cluster.kill(3))] })
    const work = (session: OpenSession) => cancelSession(session, 'undo')
    const cancelled = await playIn(world, { work })
    expect(cancelled.report).toMatchObject({
      outcome: 'cancelled',
      exit: 'stoppedHalfWay',
      code: 'THROTTLE_OWED',
      kept: [],
    })
    expect(cancelled.report.message).toContain('klinic reassign cleanup')
    expect(cancelled.report.debts.map(({ resource }) => resource.name)).toEqual(['3', '3'])
    expect([...cancelled.cluster.configs.keys()].every((key) => key.startsWith('broker 3'))).toBe(
      true,
    )
    world.cluster.start(3)
    const pay = (session: OpenSession) => concludeSession(session, () => endOfCleanup(session))
    expect((await playIn(world, { work: pay })).report).toMatchObject({ exit: 'done', debts: [] })
    expect(world.cluster.configs.size).toBe(0)
  })

  it('waits for a target that comes back', async () => {
    const incidents = [
      at(500, (cluster) => cluster.kill(3)),
      at(9_000, (cluster) => cluster.start(3)),
    ]
    expect((await play({ incidents })).report).toMatchObject({ exit: 'done', debts: [] })
  })

  it('finds moves that were made by hand, copies nothing for them, and does not call them its own', async () => {
    const prepare = (cluster: SimulatedCluster): void => {
      cluster.alter('orders', 0, [3, 2])
      cluster.advanceTo(3_000)
    }
    const { report, state, world } = await play({ prepare })
    expect(report).toMatchObject({ exit: 'done', bytesCopied: 100, moves: { done: 3 } })
    expect(state.moves.get(0)).toMatchObject({ state: 'done', reason: { code: 'ALREADY_DONE' } })
    expect(world.submitted.map(({ key }) => key)).toEqual(['orders-1', 'orders-2'])
  })

  it('asks again less and less often while there is no controller', async () => {
    const fates = Array.from({ length: 12 }, () => 'no controller' as const)
    const settings = { stallMs: 600_000, throttleBytesPerSec: null }
    const { report, world } = await play({ fates, settings })
    expect(report).toMatchObject({ exit: 'done' })
    expect(
      world.records.filter((r) => r.type === 'move' && r.state === 'intent').length,
    ).toBeLessThan(16)
    expect(world.elapsedMs()).toBeGreaterThan(60_000)
  })

  it('pauses while a partition anywhere is under its min ISR, says so once, and goes on', async () => {
    const prepare = (cluster: SimulatedCluster): void => {
      cluster.addPartition('others', 0, [1, 4])
      cluster.configs.set('topic others min.insync.replicas', '2')
    }
    const fallBehind = (cluster: SimulatedCluster): void => {
      const behind = cluster.partition('others', 0)!
      behind.isr = [1]
      behind.copyingUntil.set(4, 60_000)
    }
    const incidents = [at(5_000, fallBehind)]
    const { report, notes, world } = await play({ prepare, incidents, copyMs: 15_000 })
    expect(report).toMatchObject({ exit: 'done' })
    expect(notes.filter((note) => note.startsWith('UNDER_MIN_ISR'))).toHaveLength(1)
    expect(notes.at(-1)).toContain('GOING_ON')
    expect(world.elapsedMs()).toBeGreaterThan(60_000)
    const stopped = await play({
      prepare,
      incidents,
      copyMs: 15_000,
      settings: { onTrouble: 'stop' },
    })
    expect(stopped.report).toMatchObject({
      exit: 'stoppedHalfWay',
      code: 'UNDER_MIN_ISR',
      kept: [],
    })
    expect(stopped.states).toEqual(['done', undefined, undefined])
  })

  it('lets what is under its min ISR from the start hold up nothing: the guards have told it', async () => {
    const prepare = (cluster: SimulatedCluster): void => {
      cluster.addPartition('others', 0, [1])
      cluster.configs.set('topic others min.insync.replicas', '2')
    }
    const { report, notes } = await play({ prepare, copyMs: 15_000 })
    expect([report.exit, notes]).toEqual(['done', []])
  })

  it('pauses when a broker goes away that no move needs, then goes on; or stops with exit 7, as the policy has it', async () => {
    const incidents = [at(500, (cluster) => cluster.kill(4))]
    const waited = await play({ incidents })
    expect(waited.report).toMatchObject({ exit: 'done', debts: [] })
    expect(waited.notes.map((note) => note.split(' ')[0])).toEqual([
      'BROKER_GONE',
      'BROKER_STAYS_AWAY',
      'GOING_ON',
    ])
    const stopped = await play({ incidents, settings: { onTrouble: 'stop' } })
    expect(stopped.report).toMatchObject({ exit: 'needsPerson', code: 'BROKER_GONE' })
    expect(stopped.states).toEqual(['done', undefined, undefined])
  })

  it('leaves partitions alone that are added to a topic of the plan meanwhile', async () => {
    const incidents = [at(500, (cluster) => cluster.addPartition('orders', 7, [4, 1]))]
    const { report, cluster } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'done', moves: { done: 3 } })
    expect(cluster.partition('orders', 7)?.replicas).toEqual([4, 1])
  })

  it('leaves a throttle to whoever changed it meanwhile, and takes back all of its own', async () => {
    const theirs = (cluster: SimulatedCluster): void => {
      cluster.configs.set('broker 1 leader.replication.throttled.rate', '777')
      const list = 'topic orders leader.replication.throttled.replicas'
      cluster.configs.set(list, `${cluster.configs.get(list) ?? ''},9:4`)
    }
    const { report, cluster } = await play({ incidents: [at(500, theirs)] })
    expect(report).toMatchObject({ exit: 'done', debts: [], kept: [] })
    expect([...cluster.configs].sort()).toEqual([
      ['broker 1 leader.replication.throttled.rate', '777'],
      ['topic orders leader.replication.throttled.replicas', '9:4'],
    ])
  })

  it('waits while the network stalls, says so once, and goes on', async () => {
    const incidents = [
      at(500, (cluster) => void (cluster.outOfReach = true)),
      at(15_000, (cluster) => void (cluster.outOfReach = false)),
    ]
    const { report, notes } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect(notes.filter((note) => note.startsWith('UNREACHABLE'))).toHaveLength(1)
  })

  it('gives up with exit 69 on a network that stays away, and goes on from its journal when it is back', async () => {
    const world = stage({ incidents: [at(500, (cluster) => void (cluster.outOfReach = true))] })
    await expect(playIn(world, {})).rejects.toMatchObject({
      exit: 'unreachable',
      nextSteps: ['klinic reassign status', 'klinic reassign resume x'],
    })
    world.cluster.outOfReach = false
    const { report } = await playIn(world, {})
    expect(report).toMatchObject({ exit: 'done', moves: { done: 3 }, debts: [], kept: [] })
    expect(world.cluster.configs.size).toBe(0)
  })

  it('asks a broker that was silent at the end again, and owes nothing when it answers', async () => {
    const incidents = [
      at(2_500, (cluster) => void cluster.silent.add(3)),
      at(20_000, (cluster) => void cluster.silent.delete(3)),
    ]
    const { report, cluster } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect(cluster.configs.size).toBe(0)
  })

  it('does not wait for a silent broker for ever: it owes its throttle', async () => {
    const incidents = [at(2_500, (cluster) => void cluster.silent.add(3))]
    const { report } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', moves: { done: 3 } })
    expect(new Set(report.debts.map(({ resource }) => resource.name))).toEqual(new Set(['3']))
  })
})
