import { describe, expect, it } from 'vitest'

import { CatchingUp } from '../../../../src/lib/execution/reassign/catching-up.js'
import { describeSlowCopy } from '../../../../src/lib/execution/reassign/slow-copies.js'
import type { Incident } from './simulated/ports.js'
import { makeMove } from './builders.js'
import { at, play } from './scene.js'

const MB = 1_000_000
const FOR_EVER_MS = 100_000_000
const fixed = (bytesPerSec: number | null) => ({ bytesPerSec, mostBytesPerSec: null })

interface Writing {
  readonly growsBy: number
  readonly copiedAt: number
  /** What is there in the beginning. */
  readonly size?: number
}

/** Broker 1 leads orders-0 and clients write to it; broker 3 copies it. Bytes per second, read once a second. */
function writing({ growsBy, copiedAt, size = 100 * MB }: Writing): Incident[] {
  const dir = (sizeBytes: number) => [
    {
      path: '/data',
      totalBytes: 1e12,
      usableBytes: 1e12 - sizeBytes,
      replicas: [{ topic: 'orders', partition: 0, sizeBytes, offsetLag: 0, future: false }],
    },
  ]
  return Array.from({ length: 1_000 }, (_, second) =>
    at(second * 1_000, (cluster) => {
      cluster.logDirs.set(1, dir(size + growsBy * second))
      cluster.logDirs.set(3, dir(copiedAt * second))
    }),
  )
}

const scene = (rates: Writing) => ({
  moves: [makeMove(0, [1, 2], [3, 2])],
  incidents: writing(rates),
  copyMs: FOR_EVER_MS,
})

describe('a partition that clients write to faster than the throttle lets it be copied', () => {
  it('is named once, with both rates and what helps, and ends the run as nothing that moves does', async () => {
    const etas: (number | null)[] = []
    const { report, notes, states, world } = await play({
      ...scene({ growsBy: 6 * MB, copiedAt: 5 * MB }),
      onProgress: ({ etaSeconds }) => etas.push(etaSeconds),
    })
    expect(etas[1]).toBeGreaterThan(0)
    expect(etas.at(-1)).toBeNull()
    const told = notes.filter((note) => note.startsWith('THROTTLE_TOO_LOW'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(
      /clients write 6\.\d+ MB\/s to orders-0, and 5\.\d+ MB\/s of it arrive at broker 3: .* under a throttle of 5\.00 MB\/s, .* a higher --throttle, for example 2\d\.\d MB\/s/,
    )
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'THROTTLE_TOO_LOW' })
    expect(states).toEqual(['copying'])
    expect(report.kept.length).toBeGreaterThan(0)
    expect(world.elapsedMs()).toBeLessThan(120_000)
  })

  it('holds up neither the end of the time given nor a first Ctrl-C for longer than the stall timeout', async () => {
    const rates = { growsBy: 6 * MB, copiedAt: 5 * MB }
    const timed = await play({ ...scene(rates), settings: { forMs: 30_000 } })
    expect(timed.report).toMatchObject({ exit: 'stoppedHalfWay', code: 'THROTTLE_TOO_LOW' })
    expect(timed.world.elapsedMs()).toBeLessThan(120_000)
    const controller = new AbortController()
    const ask = at(10_000, () => controller.abort())
    const asked = await play({
      ...scene(rates),
      incidents: [...writing(rates), ask],
      stop: controller.signal,
    })
    expect(asked.report).toMatchObject({ exit: 'stoppedHalfWay', code: 'THROTTLE_TOO_LOW' })
    expect(asked.report.kept.length).toBeGreaterThan(0)
    expect(asked.world.elapsedMs()).toBeLessThan(120_000)
  })

  it('is another thing than one that is copied slowly and gets on', async () => {
    const { notes, report, world } = await play({
      ...scene({ growsBy: 4.9 * MB, copiedAt: 5 * MB }),
      settings: { forMs: 30_000 },
    })
    expect(notes.filter((note) => note.includes('TOO_'))).toEqual([])
    expect(report.code).toBe('STALLED')
    // All is copied after 1,000 s, and only then does nothing get on any more.
    expect(world.elapsedMs()).toBeGreaterThan(1_000_000)
  })
})

describe('what is left of a move', () => {
  const move = makeMove(0, [1, 2], [3, 2])
  /** Reads every 3 s what `left` says at that second. */
  function watch(
    seconds: number,
    totalAt: (second: number) => number,
    copiedAt: (s: number) => number,
  ) {
    const following = new CatchingUp(600_000)
    const found: { readonly second: number; readonly lags: boolean }[] = []
    for (let second = 0; second <= seconds; second += 3) {
      const reading = { copied: copiedAt(second), total: totalAt(second) }
      following.note(move, reading, second * 1_000)
      found.push({ second, lags: following.lagging([move], 5 * MB, () => 1).length > 0 })
    }
    return { found, lastProgressMs: following.lastProgressMs([move]) }
  }
  const steadily = (rate: number) => (second: number) => rate * second

  it('may stand still for a while after a burst, and gets on again after it', () => {
    const burst = (s: number): number => 1_000 * MB + Math.min(Math.max(0, s - 60), 10) * 100 * MB
    const { found, lastProgressMs } = watch(400, burst, steadily(4 * MB))
    expect(lastProgressMs).toBeGreaterThan(390_000)
    expect(found.at(-1)?.lags).toBe(false)
  })

  it('does not get on where bursts are more than is copied between them', () => {
    const bursts = (s: number): number => 1_000 * MB + Math.floor(s / 60) * 360 * MB
    const { found, lastProgressMs } = watch(900, bursts, steadily(5 * MB))
    expect(found.at(-1)?.lags).toBe(true)
    expect(lastProgressMs).toBeLessThan(200_000)
  })

  it('gets on in lumps under a quota, though each looks like a stop', () => {
    const lumps = (s: number): number => Math.floor(s / 20) * 20 * MB
    const { found } = watch(600, () => 1_000 * MB, lumps)
    expect(found.every(({ lags }) => !lags)).toBe(true)
  })

  it('never ends either when nothing arrives, because followers in sync use the rate of the leader up', () => {
    const nothing = watch(
      400,
      (s) => 100 * MB + 3 * MB * s,
      () => 3 * MB,
    )
    expect(nothing.found.at(-1)?.lags).toBe(true)
    const still = watch(
      400,
      () => 100 * MB,
      () => 3 * MB,
    )
    expect(still.found.some(({ lags }) => lags)).toBe(false)
    const rates = { growsBytesPerSec: 3 * MB, copiedBytesPerSec: 0, sentBytesPerSec: 3 * MB }
    const told = { move, ...rates, followersInSync: 1 }
    expect(describeSlowCopy(told, fixed(2 * MB))).toMatchObject({
      code: 'THROTTLE_TOO_LOW',
      text: expect.stringContaining('0 B/s of it arrive at broker 3') as string,
    })
  })

  it('is nothing to warn of when it is nearly nothing', () => {
    const written = (s: number): number => 100 * MB + 6 * MB * s
    const almost = watch(400, written, (s) => written(s) - MB)
    expect(almost.found.some(({ lags }) => lags)).toBe(false)
  })

  it('waits for its turn while others that share its brokers get on, unless it outgrows the throttle alone', () => {
    const other = makeMove(1, [1, 4], [3, 4])
    const lagsBeside = (grows: number): boolean => {
      const following = new CatchingUp(600_000)
      for (let second = 0; second <= 400; second += 3) {
        const mine = { copied: MB * second, total: 100 * MB + grows * second }
        following.note(move, mine, second * 1_000)
        following.note(other, { copied: 4 * MB * second, total: 9_000 * MB }, second * 1_000)
      }
      return following.lagging([move, other], 5 * MB, () => 1).length > 0
    }
    expect(lagsBeside(2 * MB)).toBe(false)
    expect(lagsBeside(6 * MB)).toBe(true)
  })

  it('is reckoned with the followers that are in sync, not with those that are away', () => {
    const three = makeMove(0, [1, 2, 4], [3, 2, 4])
    const other = makeMove(1, [1, 4], [3, 4])
    const lags = (followers: number) => {
      const following = new CatchingUp(600_000)
      for (let second = 0; second <= 400; second += 3) {
        const mine = { copied: MB * second, total: 100 * MB + 2 * MB * second }
        following.note(three, mine, second * 1_000)
        following.note(other, { copied: 4 * MB * second, total: 9_000 * MB }, second * 1_000)
      }
      return following.lagging([three, other], 5 * MB, () => followers)
    }
    expect(lags(0)).toEqual([])
    expect(lags(2)).toMatchObject([{ followersInSync: 2, sentBytesPerSec: 9 * MB }])
  })

  it('is not said to need a fixed throttle under one that follows the cluster', () => {
    const rates = { growsBytesPerSec: 6 * MB, copiedBytesPerSec: 5 * MB, sentBytesPerSec: 11 * MB }
    const told = { move, ...rates, followersInSync: 1 }
    const auto = (mostBytesPerSec: number) => ({ bytesPerSec: 10 * MB, mostBytesPerSec })
    const within = describeSlowCopy(told, auto(400 * MB))
    expect(within.code).toBe('THROTTLE_TOO_LOW')
    expect(within.text).toMatch(
      /that is at 10\.0 MB\/s now and goes up to 400 MB\/s, .* a higher --throttle-min, for example 24\.0 MB\/s$/,
    )
    const beyond = describeSlowCopy(told, auto(20 * MB))
    expect(beyond.text).toContain('--throttle-min and --throttle-max, for example both 24.0 MB/s')
    for (const { text } of [within, beyond]) expect(text).not.toMatch(/--throttle[ ,]/)
  })

  it('is told of once, though it gets on between bursts', async () => {
    const dir = (sizeBytes: number) => [
      {
        path: '/data',
        totalBytes: 1e12,
        usableBytes: 9e11,
        replicas: [{ topic: 'orders', partition: 0, sizeBytes, offsetLag: 0, future: false }],
      },
    ]
    // For 100 s more is written than copied, and then nothing for as long: there is always something left.
    const { notes } = await play({
      moves: [makeMove(0, [1, 2], [3, 2])],
      copyMs: 1_000_000,
      incidents: Array.from({ length: 1_000 }, (_, s) =>
        at(s * 1_000, (cluster) => {
          const halves = Math.floor(s / 200) * 100 + Math.min(100, s % 200)
          cluster.logDirs.set(1, dir(3_000 * MB + 9 * MB * halves))
          cluster.logDirs.set(3, dir(5 * MB * s))
        }),
      ),
      settings: { stallMs: 120_000, forMs: 900_000 },
    })
    expect(notes.filter((note) => note.includes('TOO_'))).toHaveLength(1)
  })

  it('is not laid to a throttle that is far from used up', () => {
    const lagging = { move, growsBytesPerSec: 9 * MB, copiedBytesPerSec: 8 * MB }
    const told = { ...lagging, sentBytesPerSec: 17 * MB, followersInSync: 1 }
    expect(describeSlowCopy(told, fixed(50 * MB)).code).toBe('COPY_TOO_SLOW')
    expect(describeSlowCopy(told, fixed(null)).code).toBe('COPY_TOO_SLOW')
    expect(describeSlowCopy(told, fixed(8 * MB)).code).toBe('THROTTLE_TOO_LOW')
  })
})
