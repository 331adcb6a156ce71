import { describe, expect, it } from 'vitest'

import { makeMove } from '../builders.js'
import { at, play } from '../scene.js'
import type { SimulatedCluster } from '../simulated/cluster.js'

const LEADERS = 'topic orders leader.replication.throttled.replicas'
/** Entries of partitions that nobody has, as long together as this many bytes at least. */
const listOf = (bytes: number): string =>
  Array.from({ length: Math.ceil(bytes / 10) }, (_, index) => `${100_000 + index}:77`).join(',')

/** All that the moves need of brokers at a time is allowed: nothing but the lists bounds a batch. */
const WIDE = { partitions: 10_000, inPerBroker: 10_000, outPerBroker: 10_000, bytes: 1e12 }

describe('throttles of a topic with many partitions', () => {
  it('keeps the lists of 2,000 partitions of one topic as short as Kafka can store them, and makes every move', async () => {
    const moves = Array.from({ length: 2_000 }, (_, index) =>
      makeMove(index, [1001, 1002, 1003], [1004, 1005, 1006]),
    )
    const { report, cluster, notes } = await play({
      moves,
      brokers: [1001, 1002, 1003, 1004, 1005, 1006],
      settings: { limits: WIDE },
    })
    expect(report).toMatchObject({ exit: 'done', moves: { total: 2_000, done: 2_000 }, debts: [] })
    expect(cluster.longestValue).toBeGreaterThan(20_000)
    expect(cluster.longestValue).toBeLessThanOrEqual(30_000)
    expect([...cluster.configs]).toEqual([])
    expect(notes.filter((note) => note.includes('wait'))).toHaveLength(1)
  })

  it('reckons with what somebody else has put into a list: fewer moves at a time', async () => {
    const theirs = listOf(29_900)
    const moves = Array.from({ length: 40 }, (_, index) => makeMove(index, [1, 2, 3], [4, 2, 3]))
    const prepare = (cluster: SimulatedCluster): void => void cluster.configs.set(LEADERS, theirs)
    const { report, cluster } = await play({ moves, prepare, settings: { limits: WIDE } })
    expect(report).toMatchObject({ exit: 'done', moves: { done: 40 }, debts: [] })
    expect(cluster.longestValue).toBeLessThanOrEqual(30_000)
    expect([...cluster.configs]).toEqual([[LEADERS, theirs]])
  })

  it('says which list is too long for even one entry, and what to do; other topics are not in its way', async () => {
    const theirs = listOf(30_500)
    const prepare = (cluster: SimulatedCluster): void => void cluster.configs.set(LEADERS, theirs)
    const { report, cluster, states } = await play({ prepare })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'THROTTLE_LIST_FULL', debts: [] })
    expect(report.message).toContain('leader.replication.throttled.replicas of topic orders')
    expect(report.message).toContain('--throttle none')
    expect(states).toEqual([undefined, undefined, undefined])
    expect([...cluster.configs]).toEqual([[LEADERS, theirs]])
  })

  it('goes on with what is under way when a list is filled up meanwhile, and starts nothing that has no room', async () => {
    const fill = (cluster: SimulatedCluster): void => {
      cluster.configs.set(LEADERS, `${cluster.configs.get(LEADERS) ?? ''},${listOf(31_000)}`)
    }
    const { report, states, cluster } = await play({ incidents: [at(500, fill)] })
    expect(report).toMatchObject({ code: 'THROTTLE_LIST_FULL', kept: [], debts: [] })
    expect(states).toEqual(['done', undefined, undefined])
    expect([...cluster.configs]).toEqual([[LEADERS, listOf(31_000)]])
  })
})
