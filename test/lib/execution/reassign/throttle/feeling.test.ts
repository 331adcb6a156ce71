import { describe, expect, it } from 'vitest'

import { laneSeconds, sumByLane } from '../../../../../src/lib/execution/reassign/lanes.js'
import {
  painOf,
  replicasBehind,
} from '../../../../../src/lib/execution/reassign/throttle/auto/pain.js'
import {
  carriedBy,
  spareCapacity,
} from '../../../../../src/lib/execution/reassign/throttle/auto/spare-capacity.js'
import type { IntervalTraffic } from '../../../../../src/lib/traffic/interval.js'
import { makeMove } from '../builders.js'

const move = makeMove(0, [1, 2], [3, 2])

const partition = (isr: readonly number[], replicas: readonly number[] = [1, 2]) => ({
  brokers: [1, 2, 3].map((id) => ({ id, host: `b${id}`, port: 9092 })),
  topics: [
    {
      name: move.topic,
      internal: false,
      partitions: [{ id: move.partition, leader: 1, replicas, isr, offlineReplicas: [] }],
    },
  ],
})

/** Broker 1 answers in these times, and the silent ones not at all. */
const feeling = (
  isr: readonly number[],
  times: readonly number[] = [2, 2, 3],
  silent: readonly number[] = [],
) => ({
  behind: replicasBehind(partition(isr, [3, 2, 1]), [move]),
  roundTripsMs: new Map([[1, times], ...silent.map((id) => [id, []] as const)]),
  lag: { atMs: 0, ends: new Map() },
})

const traffic = (known: boolean): IntervalTraffic => ({
  source: 'admin',
  fromMs: 0,
  toMs: 10_000,
  readings: 2,
  notices: [],
  partitions: new Map([
    [
      move.key,
      {
        topic: move.topic,
        partition: move.partition,
        leader: 1,
        coveredMs: 10_000,
        ...(known && { bytesIn: 20e6, bytesOut: 10e6 }),
        estimatedShare: 0,
        replicaSizes: new Map([
          [1, 5],
          [2, 5],
          [3, 1],
        ]),
        reassigning: true,
        exclusions: [],
      },
    ],
  ]),
})

describe('what an automatic throttle feels', () => {
  it('is no pain while only new replicas are out of sync', () => {
    expect(painOf(feeling([1, 2]), null, feeling([1, 2]))).toBeNull()
  })

  it('is pain when a replica falls out of sync that was in sync before', () => {
    expect(painOf(feeling([1, 2]), null, feeling([1]))).toBe(
      `replicas of ${move.key} fell out of sync`,
    )
    expect(painOf(feeling([1]), null, feeling([1]))).toBeNull()
  })

  it('is no pain, for as long as it is away, when a replica is on a broker that died', () => {
    const metadata = partition([1], [1, 2])
    const without = { ...metadata, brokers: metadata.brokers.filter(({ id }) => id !== 2) }
    expect([...replicasBehind(metadata, [])]).toEqual([[move.key, 1]])
    expect([...replicasBehind(without, [])]).toEqual([])
  })

  it('is pain when brokers answer much later than before, and none when a little later', () => {
    const usual = feeling([1, 2])
    const late = feeling([1, 2], [30, 40, 50])
    expect(painOf(usual, late, late)).toBe('one answer in ten takes 50 ms instead of 3')
    const little = feeling([1, 2], [5, 6, 7])
    expect(painOf(usual, little, little)).toBeNull()
  })

  it('is no pain when brokers answer late in a single look', () => {
    const usual = feeling([1, 2])
    const late = feeling([1, 2], [30, 40, 50])
    expect(painOf(usual, usual, late)).toBeNull()
    expect(painOf(usual, null, late)).toBeNull()
  })

  it('is pain when one answer in ten is late, and none when a single one is', () => {
    const times = Array<number>(40).fill(2)
    const usual = feeling([1, 2], times)
    const late = feeling([1, 2], [...times.slice(6), ...Array<number>(6).fill(90)])
    expect(painOf(usual, late, late)).toBe('one answer in ten takes 90 ms instead of 2')
    const single = feeling([1, 2], [...times.slice(1), 900])
    expect(painOf(usual, single, single)).toBeNull()
  })

  it('is pain when a broker answers nothing any more', () => {
    const before = feeling([1, 2], [2], [4])
    expect(painOf(before, null, feeling([1, 2], [2], [3, 4]))).toBe('broker 3 does not answer')
    expect(painOf(before, null, feeling([1, 2], [2], [4]))).toBeNull()
  })

  it('holds each broker against itself: one that was far away before the moves is not late', () => {
    const near = Array<number>(40).fill(1)
    const far = Array<number>(40).fill(90)
    const among = (...brokers: readonly [number, readonly number[]][]) => ({
      behind: new Map(),
      roundTripsMs: new Map(brokers),
      lag: { atMs: 0, ends: new Map() },
    })
    const usual = among([1, near], [2, near], [3, near], [9, far])
    expect(painOf(usual, among([1, near], [9, far]), among([1, near], [9, far]))).toBeNull()
    const late = among([1, far], [2, far])
    expect(painOf(usual, late, late)).toBe('one answer in ten takes 90 ms instead of 1')
  })
})

describe('what brokers can spare', () => {
  const limits = { in: 10e6, out: 10e6 }

  it('is what the tightest of them has left beside producers, consumers and replication', () => {
    const carried = carriedBy(traffic(true), [move])
    expect(carried?.get(1)).toEqual({ in: 2e6, out: 3e6 })
    expect(carried?.get(2)).toEqual({ in: 2e6, out: 0 })
    expect(carried?.get(3)).toBeUndefined()
    expect(spareCapacity(traffic(true), carried!, [move], () => limits)).toBe(7e6)
    expect(spareCapacity(traffic(true), carried!, [move], () => ({}))).toBeNull()
  })

  it('is not known when the traffic of most partitions is not', () => {
    expect(carriedBy(traffic(false), [move])).toBeNull()
  })
})

describe('the time that is left', () => {
  it('is that of the busiest broker and direction: first by what arrives of the throttle, then as measured', () => {
    const other = makeMove(1, [1, 2], [1, 4])
    const left = sumByLane([
      { move, bytes: 30e6 },
      { move: other, bytes: 60e6 },
    ])
    expect(Object.fromEntries(left)).toEqual({ '3 in': 30e6, '4 in': 60e6, '1 out': 90e6 })
    expect(laneSeconds(left, [], 10e6)).toBe(10)
    expect(laneSeconds(left, [], null)).toBeNull()
    const point = (atMs: number, bytes: number) => ({
      atMs,
      bytes,
      lanes: new Map([['1 out', bytes]]),
    })
    expect(laneSeconds(left, [point(0, 0), point(20_000, 100e6)], 10e6)).toBe(10)
    expect(laneSeconds(left, [point(0, 1), point(20_000, 100e6 + 1)], 10e6)).toBe(18)
  })
})
