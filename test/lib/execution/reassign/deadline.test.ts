import { describe, expect, it } from 'vitest'

import { deadlineOf } from '../../../../src/lib/execution/reassign/deadline.js'
import { movesThatEndInTime } from '../../../../src/lib/execution/reassign/time-gate.js'
import { makeMove } from './builders.js'
import { at, play } from './scene.js'

/** The simulated world begins at this moment. */
const BEGIN_MS = 1_700_000_000_000
const MB = 1_000_000
const NO_DISKS = { sizes: new Map(), leastFree: new Map() }

describe('a window that closes while a plan is carried out', () => {
  it('lets what is under way end, starts nothing more, gives the throttle back, and leaves the rest to resume', async () => {
    const until = { atMs: BEGIN_MS + 1_000, reason: 'the window is closed' }
    const { report, states, cluster } = await play({ settings: { until } })
    expect(report).toMatchObject({
      exit: 'stoppedHalfWay',
      outcome: 'stopped',
      code: 'WINDOW_CLOSED',
      message: 'the window is closed; resume goes on with the rest',
    })
    expect(states).toEqual(['done', undefined, undefined])
    expect(cluster.configs.size).toBe(0)
  })

  it('begins no move that would not end in time, and ends early when no other is left', async () => {
    const until = { atMs: BEGIN_MS + 60_000, reason: 'the window is closed' }
    const moves = [
      makeMove(0, [1, 2], [3, 2], 100 * MB),
      makeMove(1, [2, 3], [1, 3], 900 * MB),
      makeMove(2, [1, 3], [3, 1]),
    ]
    const { report, states, world } = await play({ moves, settings: { until } })
    expect(states).toEqual(['done', undefined, 'done'])
    expect(report).toMatchObject({ code: 'WINDOW_CLOSED', exit: 'stoppedHalfWay' })
    expect(report.message).toContain('1 moves that could have been begun would not have ended')
    expect(world.elapsedMs()).toBeLessThan(60_000)
  })
})

describe('a window under a throttle whose rate says little yet', () => {
  const until = { atMs: BEGIN_MS + 60_000, reason: 'the window is closed' }
  const moves = [makeMove(0, [1, 2], [3, 2], 900 * MB)]

  it('is used under an automatic throttle that begins with the least and may grow', async () => {
    const autoThrottle = { min: 5 * MB, max: 500 * MB, limits: { all: {}, brokers: {} } }
    const settings = { until, throttleBytesPerSec: 5 * MB, autoThrottle }
    const { report } = await play({ moves, settings })
    expect(report).toMatchObject({ exit: 'done', moves: { done: 1 } })
  })

  it('is used without any throttle, until it is seen how fast replicas arrive', async () => {
    const { report } = await play({ moves, settings: { until, throttleBytesPerSec: null } })
    expect(report).toMatchObject({ exit: 'done', moves: { done: 1 } })
    const copying = (second: number) => [
      {
        path: '/data',
        totalBytes: 1e12,
        usableBytes: 9e11,
        replicas: [
          { topic: 'orders', partition: 0, sizeBytes: second * MB, offsetLag: 0, future: false },
        ],
      },
    ]
    const two = [makeMove(0, [1, 2], [3, 2], 25 * MB), makeMove(1, [1, 2], [3, 2], 900 * MB)]
    const incidents = Array.from({ length: 30 }, (_, second) =>
      at(second * 1_000, (cluster) => cluster.logDirs.set(3, copying(second))),
    )
    const settings = { until, throttleBytesPerSec: null }
    const slow = await play({ moves: two, incidents, copyMs: 25_000, settings })
    expect(slow.states).toEqual(['done', undefined])
    expect(slow.report).toMatchObject({ code: 'WINDOW_CLOSED', exit: 'stoppedHalfWay' })
  })
})

describe('the end of a run', () => {
  const until = { atMs: 5_000, reason: 'the window is closed' }

  it('is the first of the time given and the window', () => {
    expect(deadlineOf({ forMs: null }, 0)).toBeNull()
    expect(deadlineOf({ forMs: 4_000, until }, 0)?.end.code).toBe('TIME_IS_UP')
    expect(deadlineOf({ forMs: 4_000, until }, 2_000)).toMatchObject({
      atMs: 5_000,
      end: { code: 'WINDOW_CLOSED' },
    })
  })
})

describe('moves that end in time', () => {
  const left = { secondsLeft: 10, bytesPerSec: 10 * MB }

  it('are those that every broker has the time for, beside all that is under way', () => {
    const first = makeMove(0, [1, 2], [3, 2], 60 * MB)
    const sameTarget = makeMove(1, [4, 2], [3, 2], 60 * MB)
    const sameSource = makeMove(2, [1, 2], [5, 2], 60 * MB)
    const others = makeMove(3, [6, 2], [7, 2], 60 * MB)
    const found = movesThatEndInTime([first, sameTarget, sameSource, others], [], NO_DISKS, left)
    expect(found).toEqual([first, others])
    expect(movesThatEndInTime([sameTarget], [first], NO_DISKS, left)).toEqual([])
  })

  it('count what is copied already', () => {
    const underWay = makeMove(0, [1, 2], [3, 2], 100 * MB)
    const next = makeMove(1, [4, 2], [3, 2], 60 * MB)
    const sizes = new Map([
      ['1 orders-0', 100 * MB],
      ['3 orders-0', 70 * MB],
    ])
    expect(movesThatEndInTime([next], [underWay], { sizes, leastFree: new Map() }, left)).toEqual([
      next,
    ])
  })

  it('are all that copy nothing, even at the very end', () => {
    const reorder = makeMove(2, [1, 3], [3, 1])
    const none = { secondsLeft: 0, bytesPerSec: MB }
    expect(movesThatEndInTime([reorder, makeMove(0, [1], [2])], [], NO_DISKS, none)).toEqual([
      reorder,
    ])
  })
})
