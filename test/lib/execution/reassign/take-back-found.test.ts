import { describe, expect, it } from 'vitest'

import { foldJournal, isOver } from '../../../../src/lib/execution/reassign/execution-state.js'
import {
  refuseCancelled,
  type OpenSession,
} from '../../../../src/lib/execution/reassign/session.js'
import { findLast } from '../../../../src/lib/execution/reassign/take-up.js'
import { DEFAULT_LIMITS } from '../../../../src/lib/execution/reassign/next-moves.js'
import {
  takeBackFound,
  type TakenBack,
} from '../../../../src/lib/execution/reassign/take-back-found.js'
import type { MoveInFlight } from '../../../../src/lib/plan/reassign-status.js'
import { SimulatedCluster } from './simulated/cluster.js'
import { openProcess, World } from './simulated/ports.js'

const MODES = ['kraft', 'zookeeper'] as const
type Mode = (typeof MODES)[number]

/** A cluster of four brokers on which some tool has begun to move `orders-0` from [1,2] to [3,2], and is gone. */
function abandoned(mode: Mode): World {
  const cluster = new SimulatedCluster(mode, [1, 2, 3, 4], 60_000)
  cluster.addPartition('orders', 0, [1, 2])
  cluster.alter('orders', 0, [3, 2])
  return new World(cluster, [], [])
}

/** As the status of the cluster shows them. */
function movesOf({ cluster }: World): readonly MoveInFlight[] {
  return [...cluster.topics].flatMap(([topic, { partitions }]) =>
    [...partitions].flatMap(([id, { replicas, target, adding }]) => {
      if (target === null) return []
      const from = replicas.filter((broker) => !adding.includes(broker))
      const removing = replicas.filter((broker) => !target.includes(broker))
      return [
        {
          ...{ partition: `${topic}-${id}`, from, to: target, adding, removing },
          ...{ copiedBytes: null, totalBytes: null, waitingFor: [], planId: null },
        },
      ]
    }),
  )
}

/** Takes back what `moves` names; the world is that of `abandoned`. */
function takeBack(world: World, moves = movesOf(world)): Promise<TakenBack> {
  const { journal, ...ports } = openProcess(world, 0, false)
  return takeBackFound({
    found: { clusterId: 'sim', at: '2026-11-21T11:00:00.000Z', moves },
    actor: { user: 'ops', host: 'here', pid: 1 },
    store: {
      create: (started) => journal.append([started]).then(() => journal),
    },
    ports: { ...ports, stop: new AbortController().signal, onEvent: () => undefined },
    hold: { fence: '7', prove: () => Promise.resolve() },
    settings: {
      ...{ limits: DEFAULT_LIMITS, throttleBytesPerSec: null, besideOthers: true, forMs: null },
      ...{ patienceMs: 30_000, stallMs: 60_000 },
    },
  })
}

describe.each(MODES)('a move that a tool left behind (%s)', (mode) => {
  it('onto a broker that is dead is ended by the list of its originals, journalled first', async () => {
    const world = abandoned(mode)
    world.cluster.kill(3)
    expect(await takeBack(world)).toEqual({ undone: ['orders-0'], left: [] })
    const { replicas, target, isr } = world.cluster.partition('orders', 0)!
    expect([target, [...replicas].sort(), [...isr].sort()]).toEqual([null, [1, 2], [1, 2]])
    expect(world.submitted.map((one) => one.replicas)).toEqual([replicas])
    expect(world.cluster.lost).toEqual([])
    expect(world.records.map((r) => (r.type === 'move' ? r.state : r.type))).toEqual([
      ...['started', 'submitted', 'undoing', 'undone', 'ended'],
    ])
    expect(isOver(foldJournal(world.records)!)).toBe(true)
  })

  it('is left alone where that could drop the only copy, with the reason and the partition, and nothing is begun', async () => {
    const world = abandoned(mode)
    world.pass(70_000)
    world.cluster.addPartition('orders', 1, [1, 2])
    world.cluster.alter('orders', 1, [3, 4])
    world.cluster.kill(1)
    world.cluster.kill(2)
    const { undone, left } = await takeBack(world)
    expect(undone).toEqual([])
    expect(left).toEqual([
      expect.stringMatching(
        /none of the original replicas \[.*\] of orders-1 is alive and in sync/,
      ),
    ])
    expect([world.submitted, world.records]).toEqual([[], []])
  })

  it('is left to whoever gave it another target since it was shown', async () => {
    const world = abandoned(mode)
    const shown = movesOf(world).map((move) => ({ ...move, from: [4, 2] }))
    expect(await takeBack(world, shown)).toEqual({
      undone: [],
      left: ['somebody has changed where orders-0 goes'],
    })
    expect(world.submitted).toEqual([])
  })

  it('that has ended since it was shown stays where it is', async () => {
    const world = abandoned(mode)
    const shown = movesOf(world)
    world.pass(70_000)
    expect(await takeBack(world, shown)).toEqual({ undone: [], left: [] })
    expect(world.cluster.partition('orders', 0)?.replicas).toEqual([3, 2])
  })

  it('is never made when the process was killed on its way to take it back, nor taken for the last execution', async () => {
    const world = abandoned(mode)
    world.cluster.kill(3)
    await takeBack(world)
    const records = world.records.slice(0, 2)
    const state = foldJournal(records)!
    const session = { state, ledger: { moves: [] } } as unknown as OpenSession
    expect(() => refuseCancelled(session)).toThrow('some of its moves are being taken back')
    const store = { list: () => Promise.resolve([{ path: 'j', torn: false, records }]) }
    await expect(findLast(store, 'sim')).rejects.toThrow('has carried out no plan')
  })

  it('that Kafka does not take back by then is named, and its journal asks nobody to go on with it', async () => {
    const world = abandoned(mode)
    world.cluster.refusing = 'POLICY_VIOLATION'
    const { undone, left } = await takeBack(world)
    expect([undone, left]).toEqual([[], [expect.stringContaining('POLICY_VIOLATION')]])
    expect(isOver(foldJournal(world.records)!)).toBe(true)
  })
})
