import { describe, expect, it } from 'vitest'

import { movesThatFit } from '../../../../src/lib/execution/reassign/disk-gate.js'
import { Ledger } from '../../../../src/lib/execution/reassign/ledger.js'
import { Tracker, type TrackerSettings } from '../../../../src/lib/execution/reassign/tracker.js'
import { makeMove } from './builders.js'

const GB = 1e9
const MB = 1e6

const replica = (topic: string, sizeBytes: number) => ({
  topic,
  partition: 0,
  sizeBytes,
  offsetLag: 0,
  future: false,
})

/** 100 GB on their way to broker 3, which has 180 GB left of 1 TB; clients write 10 MB/s beside, 15 with the margin. */
function tracking(settings: Partial<TrackerSettings> = {}) {
  const move = makeMove(0, [1, 2], [3, 2], 100 * GB)
  let nowMs = 0
  let answering: readonly number[] = [1, 2, 3]
  const asked: (readonly number[])[] = []
  const replicas = new Map<number, ReturnType<typeof replica>[]>()
  const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() }
  const reader = {
    readLogDirs: (ids: readonly number[]) => {
      asked.push(ids)
      const answers = ids.map((brokerId) => {
        const dir = { path: '/data', totalBytes: 1000 * GB, usableBytes: 180 * GB }
        const value = [{ ...dir, replicas: replicas.get(brokerId) ?? [] }]
        return answering.includes(brokerId)
          ? { brokerId, ok: true as const, value }
          : { brokerId, ok: false as const, failure: { code: 'TIMED_OUT', message: '' } }
      })
      return Promise.resolve(answers)
    },
  }
  const journal = { path: '', append: () => Promise.resolve(), close: () => Promise.resolve() }
  const ports = { clock, journal, onEvent: () => undefined }
  const ledger = new Ledger([move], new Map([[0, { state: 'copying' }]]), ports)
  const tracker = new Tracker(
    ledger,
    { clock, reader },
    { throttleBytesPerSec: null, stallMs: 600_000, growthPlanned: new Map(), ...settings },
  )
  const view = { replicas: [3, 2, 1], isr: [1, 2], leader: 1, inFlight: null }
  tracker.heed({ views: new Map([[move.key, view]]), liveBrokers: new Set([1, 2, 3, 4]) })
  /** A reading at this second, of what broker 3 holds by then. The log cleaner of broker 2 has died long ago. */
  const read = async (second: number, copied: number, from = [1, 2, 3]): Promise<void> => {
    nowMs = second * 1_000
    answering = from
    replicas.set(1, [replica('orders', 100 * GB)])
    replicas.set(2, [replica('orders', 500 * GB)])
    replicas.set(3, [replica('orders', copied), replica('other', 10 * MB * second)])
    await tracker.readDisks([])
  }
  return { move, tracker, read, asked, view }
}

describe('the room that moves under way are judged by', () => {
  it('is not less because an automatic throttle goes down for a while', async () => {
    const { move, tracker, read } = tracking({ throttleBytesPerSec: 400 * MB })
    await read(0, 0)
    await read(10, 0)
    tracker.setThrottle(5 * MB)
    await read(20, 0)
    expect(tracker.fillingDisks([move])).toEqual([])
    // It would not be started now: for that, less certainty will do.
    const disks = await tracker.readDisks([])
    expect(movesThatFit([move], [], disks, tracker.forecast())).toEqual([])
  })

  it('is not less because without a throttle hardly anything was copied for a while', async () => {
    const { move, tracker, read } = tracking()
    for (let second = 0; second <= 60; second += 5) await read(second, 10_000 * second)
    expect(tracker.figures().bytesPerSec).toBeLessThan(20_000)
    expect(tracker.fillingDisks([move])).toEqual([])
    const disks = await tracker.readDisks([])
    expect(movesThatFit([move], [], disks, tracker.forecast())).toEqual([move])
  })

  it('is by what the leader holds, not by a follower that nobody cleans up', async () => {
    const { move, tracker, read } = tracking()
    await read(0, 40 * GB)
    expect(tracker.fillingDisks([move])).toEqual([])
    expect(tracker.bytesOf(move)).toBe(100 * GB)
  })
})

describe('an answer that is missing once', () => {
  for (const [whose, answering] of [
    ['a target', [1, 2]],
    ['the leader', [2, 3]],
  ] as const) {
    it(`of ${whose} takes nothing back of what was copied, and is no jump when it comes again`, async () => {
      const { move, tracker, read } = tracking()
      for (let second = 0; second <= 30; second += 5) await read(second, second * 50 * MB)
      await read(35, 1.75 * GB, [...answering])
      expect(tracker.figures().bytesCopied).toBeGreaterThanOrEqual(1.5 * GB)
      expect(tracker.figures().bytesTotal).toBe(100 * GB)
      expect(tracker.fillingDisks([move])).toEqual([])
      await read(40, 2 * GB)
      expect(tracker.laneBytesPerSec()).toBeCloseTo(50 * MB, -5)
    })
  }
})

describe('log directories', () => {
  it('are read anew after three seconds, or when a broker is asked for that was not', async () => {
    const { tracker, read, asked } = tracking()
    await read(0, 0)
    await read(2, 0)
    expect(asked).toEqual([[1, 2, 3]])
    await tracker.readDisks([makeMove(1, [1, 2], [4, 2])])
    expect(asked).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ])
    await read(4, 0)
    expect(asked).toHaveLength(2)
    await read(5, 0)
    expect(asked).toHaveLength(3)
  })

  it('of brokers that are away are not asked for', async () => {
    const { tracker, read, asked, move, view } = tracking()
    tracker.heed({ views: new Map([[move.key, view]]), liveBrokers: new Set([1, 3, 4]) })
    await read(0, 0)
    await tracker.readDisks([makeMove(1, [1, 2], [4, 2])])
    expect(asked).toEqual([
      [1, 3],
      [1, 3, 4],
    ])
  })
})
