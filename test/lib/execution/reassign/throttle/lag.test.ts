import { describe, expect, it } from 'vitest'

import {
  lagOf,
  partitionsToWatch,
  readLag,
} from '../../../../../src/lib/execution/reassign/throttle/auto/lag.js'
import { painOf } from '../../../../../src/lib/execution/reassign/throttle/auto/pain.js'
import type { TopicMetadata } from '../../../../../src/lib/ports/cluster-reader.js'
import { makeMove } from '../builders.js'

/** A topic whose partitions are all led by 1 and followed by 2, in sync. */
const topic = (name: string, partitions: number): TopicMetadata => ({
  name,
  internal: false,
  partitions: Array.from({ length: partitions }, (_, id) => ({
    id,
    leader: 1,
    replicas: [1, 2],
    isr: [1, 2],
    offlineReplicas: [],
  })),
})

/** What is read of orders-0, ten seconds after the last time for each step: its leader's log ends here, the follower's there. */
const reading = (step: number, leader: number, follower: number) =>
  readLag(
    {
      readLogEnds: (asked) =>
        Promise.resolve(
          [...asked.keys()].map((brokerId) => ({
            brokerId,
            ok: true as const,
            value: new Map([['orders-0', brokerId === 1 ? leader : follower]]),
          })),
        ),
    },
    { nowMs: () => step * 10_000 },
    partitionsToWatch({ topics: [topic('orders', 1)] }, [1], []),
  )

describe('followers that an automatic throttle watches', () => {
  it('fall behind when they have not come to where their leader was in the look before', async () => {
    const [before, now] = [await reading(0, 1_000, 900), await reading(1, 2_000, 990)]
    expect(lagOf(before, now)).toBe('broker 2 falls behind on orders-0, by more than 10 s')
  })

  it('do not fall behind by what was written just now, while they catch up, or where nothing is written', async () => {
    expect(lagOf(await reading(0, 1_000, 990), await reading(1, 2_000, 1_000))).toBeNull()
    expect(lagOf(await reading(0, 1_000, 100), await reading(1, 1_100, 900))).toBeNull()
    expect(lagOf(await reading(0, 1_000, 400), await reading(1, 1_000, 400))).toBeNull()
  })

  it('hurt as soon as they fall behind, before they leave the ISR', async () => {
    const calm = { behind: new Map(), roundTripsMs: new Map() }
    const before = { ...calm, lag: await reading(0, 1_000, 990) }
    const now = { ...calm, lag: await reading(1, 2_000, 990) }
    expect(painOf(before, before, now)).toContain('falls behind')
  })

  it('are asked after the leaders, each at its own broker, and never those that a move adds', async () => {
    const asked: (readonly number[])[] = []
    const metadata = { topics: [{ ...topic('orders', 1), name: 'orders' }] }
    const move = { ...makeMove(0, [1], [1, 2]), key: 'orders-0', adding: [2] }
    expect(partitionsToWatch(metadata, [1, 2], [move])).toEqual([])
    await readLag(
      {
        readLogEnds: (partitionsOf) => {
          asked.push([...partitionsOf.keys()])
          return Promise.resolve([])
        },
      },
      { nowMs: () => 0 },
      partitionsToWatch(metadata, [2], []),
    )
    expect(asked).toEqual([[1], [2]])
  })

  it('are a sample of a big cluster, from all over it', () => {
    const watched = partitionsToWatch({ topics: [topic('big', 20_000)] }, [2], [])
    expect(watched).toHaveLength(500)
    expect(watched.at(-1)?.partition).toBeGreaterThan(19_000)
  })
})
