import { describe, expect, it } from 'vitest'

import { readDisks } from '../../../../src/lib/execution/reassign/copied-bytes.js'
import { fillingDisks } from '../../../../src/lib/execution/reassign/disk-gate.js'
import { DEFAULT_LIMITS } from '../../../../src/lib/execution/reassign/next-moves.js'
import { nextCommands } from '../../../../src/lib/report/execution/report-text.js'
import { makeMove } from './builders.js'
import { at, play, playIn } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

const disk = (usableBytes: number) => [
  { path: '/data', totalBytes: 1000, usableBytes, replicas: [] },
]
const MOVES = [
  makeMove(0, [1, 2], [3, 2]),
  makeMove(1, [2, 1], [4, 1]),
  makeMove(2, [1, 4], [3, 4]),
]
/** The disk of broker 3 has room when the moves begin, and none any more a second later. */
const filling = {
  moves: MOVES,
  prepare: (cluster: SimulatedCluster): void => void cluster.logDirs.set(3, disk(500)),
  incidents: [at(1_000, (cluster) => cluster.logDirs.set(3, disk(40)))],
  copyMs: 40_000,
  settings: { limits: { inPerBroker: 1, outPerBroker: 5, partitions: 5, bytes: 1e9 } },
}

describe('a disk that what is under way will fill', () => {
  for (const mode of ['kraft', 'zookeeper'] as const) {
    it(`is kept from it (${mode}): moves to it are taken back by their lists, others end, nothing is started, exit 7`, async () => {
      const { report, states, state, cluster, world, notes } = await play({ ...filling, mode })
      expect(report).toMatchObject({ exit: 'needsPerson', code: 'DISK_FILLING' })
      expect(report.message).toContain('broker 3 has 40 B left and gets 100 B more')
      expect(states).toEqual(['undone', 'done', undefined])
      expect(state.moves.get(0)?.reason?.code).toBe('DISK_FILLING')
      expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [1, 2], target: null })
      const toFirst = world.submitted.filter(({ key }) => key === 'orders-0')
      expect(toFirst.at(-1)?.replicas).toEqual([1, 2])
      expect(cluster.configs.size).toBe(0)
      expect(report.kept).toEqual([])
      expect(notes.filter((note) => note.startsWith('DISK_FILLING'))).toHaveLength(1)
      expect(nextCommands(report, ' -c prod')).toEqual(['klinic reassign resume x -c prod'])
    })
  }

  it('is not called done by the resume that makes the rest', async () => {
    const scene = { ...filling, moves: MOVES.slice(0, 2) }
    const first = await play({ ...scene, moves: MOVES.slice(0, 2) })
    expect(first.states).toEqual(['undone', 'done'])
    const { report } = await playIn(first.world, { moves: MOVES.slice(0, 2) })
    expect(report).toMatchObject({ outcome: 'finished', exit: 'stoppedHalfWay' })
    expect(report.message).toBe('1 of 2 moves were not made')
  })

  it('is kept from it by a resume too, when the process died in between', async () => {
    const reason = { code: 'DISK_FILLING', text: 'x' }
    const record = (state: 'intent' | 'undoing') => ({
      type: 'move' as const,
      at: '2026-11-21T11:00:01.000Z',
      step: 0,
      state,
    })
    const { report, states } = await play({
      moves: MOVES.slice(0, 1),
      copyMs: 40_000,
      prepare: (cluster) => void cluster.alter('orders', 0, [3, 2]),
      journal: [record('intent'), { ...record('undoing'), reason }],
    })
    expect(report).toMatchObject({ code: 'DISK_FILLING', exit: 'needsPerson' })
    expect(states).toEqual(['undone'])
  })

  it('goes on filling where taking back could lose data: the throttle stays, and it says so', async () => {
    const incidents = [
      at(900, (cluster) => cluster.kill(1)),
      at(1_000, (cluster) => cluster.logDirs.set(3, disk(40))),
    ]
    const { report, states, world, notes } = await play({
      ...filling,
      moves: [makeMove(0, [1], [3])],
      incidents,
      settings: { patienceMs: 5_000 },
    })
    expect(report).toMatchObject({ exit: 'needsPerson', code: 'DISK_FILLING' })
    expect(report.message).toContain('1 moves could not be taken back (orders-0) and go on')
    expect(notes.filter((note) => note.startsWith('ONLY_COPY'))).toHaveLength(1)
    expect(states).toEqual(['copying'])
    expect(world.submitted).toHaveLength(1)
    expect(report.kept.length).toBeGreaterThan(0)
  })
})

describe('a rescue', () => {
  it('that cannot be made does not end a run while other moves are in flight, and they are made', async () => {
    const { report, states, world } = await play({
      ...filling,
      moves: [makeMove(0, [1], [3]), makeMove(1, [2, 4], [5, 4])],
      brokers: [1, 2, 3, 4, 5],
      copyMs: 30_000,
      incidents: [
        at(900, (cluster) => cluster.kill(1)),
        at(1_000, (cluster) => cluster.logDirs.set(3, disk(40))),
      ],
      settings: { ...filling.settings, patienceMs: 5_000 },
    })
    expect(states).toEqual(['copying', 'done'])
    expect(report).toMatchObject({ exit: 'needsPerson', code: 'DISK_FILLING' })
    expect(report.message).toContain('1 moves could not be taken back (orders-0) and go on')
    expect(world.elapsedMs()).toBeGreaterThan(29_000)
  })

  it('is not begun because of one reading', async () => {
    const { report, states } = await play({
      ...filling,
      moves: MOVES.slice(0, 1),
      incidents: [
        at(4_000, (cluster) => cluster.logDirs.set(3, disk(40))),
        at(6_900, (cluster) => cluster.logDirs.set(3, disk(500))),
      ],
    })
    expect(report.exit).toBe('done')
    expect(states).toEqual(['done'])
  })
})

describe('a full disk', () => {
  const GB = 1e9
  const big = (usableBytes: number) => [
    { path: '/data', totalBytes: 1000 * GB, usableBytes, replicas: [] },
  ]

  it('holds up the moves that are to fill it, and none that only stand behind them', async () => {
    const toFull = Array.from({ length: 12 }, (_, n) => makeMove(n, [1, 2], [3, 2], 100 * GB))
    const others = [makeMove(12, [1, 2], [4, 2], GB), makeMove(13, [2, 1], [4, 1], GB)]
    const { report, states, notes } = await play({
      moves: [...toFull, ...others],
      prepare: (cluster) => {
        cluster.logDirs.set(3, big(60 * GB))
        cluster.logDirs.set(4, big(900 * GB))
      },
      settings: { limits: DEFAULT_LIMITS },
    })
    expect(states.slice(0, 12)).toEqual(toFull.map(() => undefined))
    expect(states.slice(12)).toEqual(['done', 'done'])
    expect(report.code).toBe('STALLED')
    const told = notes.filter((note) => note.startsWith('DISK_FULL'))
    expect(told).toEqual(['DISK_FULL 12 moves wait for room on the disks of their targets'])
  })

  it('holds up only what does not fit together, where each alone would', async () => {
    const moves = [0, 1, 2].map((n) => makeMove(n, [1, 2], [3, 2], 400 * GB))
    const other = makeMove(3, [2, 1], [4, 1], GB)
    const { world } = await play({
      moves: [...moves, other],
      prepare: (cluster) => {
        cluster.logDirs.set(3, big(900 * GB))
        cluster.logDirs.set(4, big(900 * GB))
      },
      settings: { limits: { ...DEFAULT_LIMITS, bytes: 1300 * GB } },
    })
    const first = world.submitted.slice(0, 3).map(({ key }) => key)
    expect(first).toEqual(['orders-0', 'orders-1', 'orders-3'])
  })
})

describe('which disks fill up', () => {
  const move = makeMove(0, [1, 2], [3, 2], 100)
  const dir = (path: string, usableBytes: number, size: number | null) => ({
    path,
    totalBytes: 1000,
    usableBytes,
    replicas:
      size === null
        ? []
        : [{ topic: 'orders', partition: 0, sizeBytes: size, offsetLag: 0, future: false }],
  })
  const read = (...dirs: readonly ReturnType<typeof dir>[]) =>
    readDisks([
      { brokerId: 1, ok: true, value: [dir('/a', 500, 100)] },
      { brokerId: 3, ok: true, value: dirs },
    ])

  it('are told by the directory that holds the new replica, not by the one that happens to be the fullest', () => {
    expect(fillingDisks([move], read(dir('/a', 10, null), dir('/b', 500, 20)))).toEqual([])
    expect(fillingDisks([move], read(dir('/a', 10, null), dir('/b', 500, null)))).toEqual([])
    expect(fillingDisks([move], read(dir('/a', 10, 20), dir('/b', 500, null)))).toMatchObject([
      { broker: 3, usable: 10, coming: 80, isCertain: true, steps: [0] },
    ])
  })

  it('keep five per cent free, and reckon with what clients write meanwhile', () => {
    expect(fillingDisks([move], read(dir('/a', 151, 0)))).toEqual([])
    expect(fillingDisks([move], read(dir('/a', 149, 0)))).toMatchObject([{ isCertain: false }])
    const forecast = { growthOf: () => 10, bytesPerSec: 10 }
    expect(fillingDisks([move], read(dir('/a', 201, 0)), forecast)).toEqual([])
    expect(fillingDisks([move], read(dir('/a', 199, 0)), forecast)).toMatchObject([
      { isCertain: false, coming: 200 },
    ])
    expect(fillingDisks([move], read(dir('/a', 10, 100)), forecast)).toEqual([])
  })
})
