import { describe, expect, it } from 'vitest'
import { measureInterval } from '../../../src/lib/traffic/measure-interval.js'
import type { PartitionReading, TrafficReading } from '../../../src/lib/traffic/reading.js'

const STEP = 10_000

/** A partition that gains 100 records of 50 bytes in each of the readings. */
function reading(index: number, extra: Partial<PartitionReading> = {}): PartitionReading {
  const atMs = index * STEP
  return {
    topic: 't',
    partition: 0,
    topicId: 'one',
    leader: 1,
    leaderEpoch: 5,
    reassigning: false,
    logStartOffset: 0,
    logEndOffset: 1000 + index * 100,
    offsetsAtMs: atMs,
    replicaSizes: new Map([[extra.leader ?? 1, 50_000 + index * 5_000]]),
    sizesAtMs: atMs,
    ...extra,
  }
}

function measure(
  partitions: readonly (PartitionReading | null)[],
  commits: readonly Readonly<Record<string, number>>[] = [],
  options: { readonly groupsKnown?: boolean; readonly fromMs?: number } = {},
) {
  const readings = partitions.map((partition, index): TrafficReading => {
    const groups = Object.entries(commits[index] ?? {})
    return {
      atMs: index * STEP,
      partitions: new Map(partition === null ? [] : [['t-0', partition]]),
      commits: new Map(groups.map(([group, offset]) => [group, new Map([['t-0', offset]])])),
      commitsAtMs: index * STEP,
    }
  })
  const traffic = measureInterval(readings, {
    shrinkingTopics: new Set(),
    groupsKnown: options.groupsKnown ?? true,
    notices: [],
    ...(options.fromMs !== undefined && { fromMs: options.fromMs }),
  })
  return traffic.partitions.get('t-0')
}

const readings = (
  count: number,
  change: (index: number) => Partial<PartitionReading> = () => ({}),
) => Array.from({ length: count }, (_, index) => reading(index, change(index)))

describe('bytes in', () => {
  it('are the growth of the leader’s log', () => {
    expect(measure(readings(4))).toMatchObject({
      bytesIn: 15_000,
      coveredMs: 30_000,
      estimatedShare: 0,
      exclusions: [],
    })
  })

  it('leave out just the interval in which the leader changed', () => {
    const traffic = measure(
      readings(5, (i) =>
        i < 3
          ? {}
          : { leader: 2, leaderEpoch: 6, replicaSizes: new Map([[2, 900_000 + i * 5000]]) },
      ),
    )
    expect(traffic).toMatchObject({
      bytesIn: 15_000,
      coveredMs: 30_000,
      leader: 2,
      exclusions: ['leader-changed'],
    })
  })

  it('begin anew when the topic was deleted and created again', () => {
    const traffic = measure(
      readings(5, (i) =>
        i < 2
          ? {}
          : { topicId: 'two', logEndOffset: i * 10, replicaSizes: new Map([[1, i * 1000]]) },
      ),
    )
    expect(traffic).toMatchObject({
      topicId: 'two',
      bytesIn: 2_000,
      coveredMs: 20_000,
      exclusions: ['recreated-or-truncated'],
    })
  })

  it('begin anew when the log lost records that it had', () => {
    const traffic = measure(
      readings(4, (i) => (i < 2 ? {} : { logEndOffset: 900 + i * 100 - 200 })),
    )
    expect(traffic).toMatchObject({ coveredMs: 10_000, exclusions: ['recreated-or-truncated'] })
  })

  it('are unknown for a partition that appeared in the last reading', () => {
    const traffic = measure([null, null, reading(2)])
    expect(traffic?.bytesIn).toBeUndefined()
    expect(traffic?.exclusions).toEqual(['too-few-readings'])
  })

  it('are measured since it appeared for one that appeared earlier', () => {
    expect(measure([null, reading(1), reading(2)])).toMatchObject({
      bytesIn: 5000,
      coveredMs: 10_000,
    })
  })

  it('have no figure for a partition that is gone at the end', () => {
    expect(measure([reading(0), reading(1), null])).toBeUndefined()
  })

  it('are unknown without a leader, and without a size', () => {
    expect(measure(readings(3, () => ({ leader: null })))?.exclusions).toEqual(['no-leader'])
    const sizeless = measure(readings(3, () => ({ replicaSizes: new Map<number, number>() })))
    expect(sizeless?.exclusions).toEqual(['no-size'])
    expect(sizeless?.bytesIn).toBeUndefined()
  })

  it('are zero for an idle partition', () => {
    const idle = readings(3, () => ({ logEndOffset: 1000, replicaSizes: new Map([[1, 50_000]]) }))
    expect(measure(idle)).toMatchObject({ bytesIn: 0, bytesOut: 0 })
  })

  it('count records where retention cut off old ones', () => {
    const traffic = measure(
      readings(4, (i) =>
        i < 2 ? {} : { logStartOffset: 400, replicaSizes: new Map([[1, 30_000 + i * 5000]]) },
      ),
    )
    expect(traffic?.bytesIn).toBeCloseTo(15_000)
    expect(traffic?.estimatedShare).toBeCloseTo(1 / 3)
  })

  it('survive a reading in which the leader did not answer', () => {
    const traffic = measure(
      readings(4, (i) => (i === 2 ? { replicaSizes: new Map<number, number>() } : {})),
    )
    expect(traffic).toMatchObject({ bytesIn: 15_000, coveredMs: 30_000 })
  })

  it('do not count what came before the interval', () => {
    expect(measure(readings(6), [], { fromMs: 3 * STEP })).toMatchObject({
      bytesIn: 10_000,
      coveredMs: 20_000,
    })
  })

  it('say when the partition was being reassigned', () => {
    expect(measure(readings(4, (i) => ({ reassigning: i === 1 })))?.reassigning).toBe(true)
  })
})

describe('bytes out', () => {
  it('are the committed records at the bytes that they took', () => {
    const commits = Array.from({ length: 4 }, (_, i) => ({ g: 1000 + i * 100 }))
    expect(measure(readings(4), commits)?.bytesOut).toBeCloseTo(15_000, -3)
  })

  it('are the sum over groups', () => {
    const commits = Array.from({ length: 7 }, (_, i) => ({ a: 500 + i * 100, b: 300 + i * 100 }))
    expect(measure(readings(7), commits)?.bytesOut).toBeCloseTo(60_000, -3)
  })

  it('are zero for a group that stands still, and for none at all', () => {
    expect(
      measure(
        readings(4),
        Array.from({ length: 4 }, () => ({ g: 700 })),
      )?.bytesOut,
    ).toBe(0)
    expect(measure(readings(4))?.bytesOut).toBe(0)
  })

  it('are unknown, not zero, when no group could be asked', () => {
    expect(measure(readings(4), [], { groupsKnown: false })?.bytesOut).toBeUndefined()
  })

  it('are never negative when a group goes back, and count what was read since', () => {
    const commits = [900, 1000, 1100, 200, 300, 400, 500].map((g) => ({ g }))
    const out = measure(readings(7), commits)?.bytesOut ?? NaN
    expect(out).toBeGreaterThan(20_000)
    expect(out).toBeLessThan(32_000)
  })

  it('do not take the first commit of a new group for reading from the beginning', () => {
    const commits = [{}, {}, { g: 1200 }, { g: 1300 }, { g: 1400 }] as Record<string, number>[]
    const out = measure(readings(5), commits)?.bytesOut ?? NaN
    expect(out).toBeGreaterThan(9_000)
    expect(out).toBeLessThan(16_000)
  })

  it('end with a group that is deleted', () => {
    const commits = [{ g: 1000 }, { g: 1100 }, { g: 1200 }, {}, {}] as Record<string, number>[]
    const out = measure(readings(5), commits)?.bytesOut ?? NaN
    expect(out).toBeGreaterThan(9_000)
    expect(out).toBeLessThan(16_000)
  })

  it('belong to the topic that is there now, not to the one that was deleted', () => {
    const recreated = readings(5, (i) =>
      i < 2
        ? {}
        : {
            topicId: 'two',
            logStartOffset: 0,
            logEndOffset: i * 10,
            replicaSizes: new Map([[1, i * 1000]]),
          },
    )
    const commits = [{ g: 900 }, { g: 1000 }, { g: 20 }, { g: 30 }, { g: 40 }]
    expect(measure(recreated, commits)?.bytesOut).toBeLessThanOrEqual(3_000)
  })
})
