import { describe, expect, it } from 'vitest'

import { replicaId } from '../../../../src/lib/execution/reassign/copied-bytes.js'
import { movesThatFit } from '../../../../src/lib/execution/reassign/disk-gate.js'
import { DiskGrowth, growthPlanned } from '../../../../src/lib/execution/reassign/disk-growth.js'
import {
  DEFAULT_LIMITS,
  pickNextMoves,
  type Candidate,
} from '../../../../src/lib/execution/reassign/next-moves.js'
import { addPoint, etaSeconds, rateOf } from '../../../../src/lib/execution/reassign/progress.js'
import { makeMove, makeOneStepPlan, makeSnapshot } from './builders.js'

const candidate = (partition: number, more: Partial<Candidate> = {}): Candidate => ({
  move: makeMove(partition, [1, 2], [1, 3]),
  underReplicated: false,
  internal: false,
  source: 1,
  ...more,
})
const steps = (picked: readonly Candidate[]): number[] => picked.map(({ move }) => move.step)

describe('which moves start next', () => {
  it('starts under-replicated partitions first and otherwise keeps the order of the plan', () => {
    const waiting = [candidate(1), candidate(2, { underReplicated: true }), candidate(3)]
    expect(steps(pickNextMoves(waiting, [], DEFAULT_LIMITS))).toEqual([2, 1, 3])
  })

  it('lets a broker receive no more than its share at a time, what is under way included', () => {
    const limits = { ...DEFAULT_LIMITS, inPerBroker: 2 }
    const waiting = [candidate(2), candidate(3), candidate(4)]
    expect(steps(pickNextMoves(waiting, [candidate(1)], limits))).toEqual([2])
  })

  it('lets a leader send no more than its share at a time', () => {
    const limits = { ...DEFAULT_LIMITS, outPerBroker: 1 }
    const other = candidate(3, { move: makeMove(3, [4, 2], [4, 3]), source: 4 })
    expect(steps(pickNextMoves([candidate(1), candidate(2), other], [], limits))).toEqual([1, 3])
  })

  it('counts all that a move has its leader send, and lets one that sends more than the limit start beside nothing', () => {
    const limits = { ...DEFAULT_LIMITS, outPerBroker: 3 }
    const two = (partition: number): Candidate =>
      candidate(partition, { move: makeMove(partition, [1], [1, partition + 4, partition + 5]) })
    expect(steps(pickNextMoves([two(1), two(5), candidate(9)], [], limits))).toEqual([1, 9])
    const most = { ...limits, outPerBroker: 1 }
    const elsewhere = candidate(8, { move: makeMove(8, [7, 2], [7, 3]), source: 7 })
    expect(steps(pickNextMoves([two(1)], [elsewhere], most))).toEqual([1])
    expect(steps(pickNextMoves([two(1)], [candidate(9)], most))).toEqual([])
  })

  it('counts the bytes that disks showed, and not those of an old plan', () => {
    const limits = { ...DEFAULT_LIMITS, bytes: 1e9 }
    const grown = [1, 2].map((partition) => candidate(partition, { bytes: 1e9 }))
    expect(steps(pickNextMoves(grown, [], limits))).toEqual([1])
  })

  it('always lets one move start, however big it is', () => {
    const limits = { ...DEFAULT_LIMITS, bytes: 10 }
    expect(steps(pickNextMoves([candidate(1), candidate(2)], [], limits))).toEqual([1])
  })

  it('does not count mere changes of order against a broker', () => {
    const limits = { ...DEFAULT_LIMITS, inPerBroker: 1, outPerBroker: 1 }
    const reorder = (partition: number): Candidate =>
      candidate(partition, { move: makeMove(partition, [1, 2], [2, 1]) })
    const waiting = [candidate(1), reorder(2), reorder(3)]
    expect(steps(pickNextMoves(waiting, [], limits))).toEqual([1, 2, 3])
  })

  it('lets no more full fetches reach a broker at a time than it may; small partitions count in part', () => {
    const fetches = { perBroker: 1, fetchBytes: 1_048_576 }
    const limits = { ...DEFAULT_LIMITS, fetches }
    const sized = (partition: number, bytes: number): Candidate =>
      candidate(partition, { move: makeMove(partition, [1, 2], [1, 3], bytes) })
    expect(steps(pickNextMoves([sized(1, 5e9), sized(2, 5e9)], [], limits))).toEqual([1])
    const small = [1, 2, 3, 4].map((partition) => sized(partition, 300_000))
    expect(steps(pickNextMoves(small, [], limits))).toEqual([1, 2, 3])
    const other = candidate(9, { move: makeMove(9, [4, 2], [4, 5], 5e9), source: 4 })
    expect(steps(pickNextMoves([sized(1, 5e9), other], [], limits))).toEqual([1, 9])
  })

  it('counts what a source sends to each of its new replicas', () => {
    const limits = { ...DEFAULT_LIMITS, fetches: { perBroker: 2, fetchBytes: 1_000 } }
    const both = candidate(1, { move: makeMove(1, [1], [1, 2, 3], 5_000) })
    const other = candidate(2, { move: makeMove(2, [1], [1, 4], 5_000) })
    expect(steps(pickNextMoves([both, other], [], limits))).toEqual([1])
  })

  it('moves internal topics when nothing else is left', () => {
    const internal = candidate(9, { internal: true })
    expect(steps(pickNextMoves([internal, candidate(1)], [], DEFAULT_LIMITS))).toEqual([1])
    expect(steps(pickNextMoves([internal], [candidate(1)], DEFAULT_LIMITS))).toEqual([])
    expect(steps(pickNextMoves([internal], [], DEFAULT_LIMITS))).toEqual([9])
  })
})

describe('room on disks', () => {
  it('is also what clients write while a replica arrives, with a margin', () => {
    const sizes = (old: number) =>
      new Map([
        [replicaId(3, 'other-0'), old],
        [replicaId(3, 'orders-0'), 10 * old],
      ])
    const leastFree = new Map([[3, { usable: 150, total: 1000 }]])
    const move = makeMove(0, [1, 2], [3, 2], 80)
    const growth = new DiskGrowth()
    growth.note({ sizes: sizes(100), leastFree }, [move], 0)
    expect(growth.of(3)).toBe(0)
    growth.note({ sizes: sizes(200), leastFree }, [move], 10_000)
    expect(growth.of(3)).toBe(15)
    growth.note({ sizes: new Map(), leastFree: new Map() }, [move], 20_000)
    expect(growth.of(3)).toBe(15)
    const disks = { sizes: new Map(), leastFree }
    const forecast = { growthOf: (broker: number) => growth.of(broker), bytesPerSec: 80 }
    expect(movesThatFit([move], [], disks, forecast)).toEqual([move])
    expect(movesThatFit([move], [], disks, { ...forecast, bytesPerSec: 40 })).toEqual([])
  })

  it('is reckoned with the traffic of the plan until disks were read twice', () => {
    const load = (inBytesPerSec: number) => ({
      inBytesPerSec,
      outBytesPerSec: 0,
      diskBytes: 0,
      replicas: 0,
      leaders: 0,
    })
    const plan = makeOneStepPlan(makeSnapshot([]), [1, 2], [3, 2])
    const brokers = [{ id: 3, before: load(10), after: load(40) }]
    const traffic = { from: '', to: '', statistic: 'max' as const, source: 'admin' }
    const measured = { ...plan, traffic, summary: { ...plan.summary, brokers } }
    expect(growthPlanned({ ...plan, summary: measured.summary }).size).toBe(0)
    const growth = new DiskGrowth(growthPlanned(measured))
    expect(growth.of(3)).toBe(40)
    expect(growth.of(1)).toBe(0)
    const reading = { sizes: new Map([[replicaId(3, 'other-0'), 100]]), leastFree: new Map() }
    growth.note(reading, [], 0)
    expect(growth.of(3)).toBe(40)
    growth.note(reading, [], 10_000)
    expect(growth.of(3)).toBe(0)
  })

  const sizes = new Map([
    ['1 orders-1', 400],
    ['1 orders-2', 400],
    ['1 orders-3', 400],
    ['3 orders-1', 100],
  ])
  const leastFree = new Map([[3, { usable: 800, total: 1000 }]])

  it('holds back what would not fit beside all that is still to come, and counts nothing as freed', () => {
    const underWay = [makeMove(1, [1, 2], [1, 3])]
    const next = [makeMove(2, [1, 2], [1, 3]), makeMove(3, [1, 2], [1, 3])]
    expect(movesThatFit(next, underWay, { sizes, leastFree }).map(({ step }) => step)).toEqual([2])
  })

  it('holds nothing back on brokers that do not tell their room', () => {
    const next = [makeMove(2, [1, 2], [1, 3])]
    expect(movesThatFit(next, [], { sizes, leastFree: new Map() })).toEqual(next)
  })
})

describe('rate and estimate', () => {
  it('takes the rate over the last half minute', () => {
    let points = addPoint([], { atMs: 0, bytes: 0 })
    points = addPoint(points, { atMs: 10_000, bytes: 0 })
    for (let s = 20; s <= 100; s += 10) {
      points = addPoint(points, { atMs: s * 1000, bytes: (s - 10) * 1000 })
    }
    expect(rateOf(points)).toBe(1000)
    expect(points.length).toBeLessThan(6)
  })

  it('says nothing before there is anything to say', () => {
    expect(rateOf([{ atMs: 0, bytes: 0 }])).toBeNull()
    expect(etaSeconds({ copied: 0, total: 10 }, null)).toBeNull()
    expect(etaSeconds({ copied: 0, total: 10 }, 0)).toBeNull()
    expect(etaSeconds({ copied: 4, total: 10 }, 2)).toBe(3)
    expect(etaSeconds({ copied: 10, total: 10 }, null)).toBe(0)
  })
})
