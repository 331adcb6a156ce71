import { describe, expect, it } from 'vitest'

import { warnBefore } from '../../../../src/lib/execution/reassign/prepare-warnings.js'
import type { Broker } from '../../../../src/lib/model/snapshot.js'
import { makeMove, makeSnapshot } from './builders.js'

const MB = 1_000_000
const partition = (bytesInPerSec?: number) => ({
  id: 0,
  replicas: [1, 2],
  leader: 1,
  sizeBytes: 100,
  ...(bytesInPerSec !== undefined && { bytesInPerSec }),
})
const moves = [makeMove(0, [1, 2], [1, 3])]
const snapshot = makeSnapshot([partition()])

describe('what is said before a plan is carried out and stops nothing', () => {
  it('is nothing where all is known and fits', () => {
    expect(warnBefore({ moves, snapshot, throttleBytesPerSec: MB })).toEqual([])
  })

  it('names targets that do not tell their free space, as Kafka before 3.3: no guard has judged it', () => {
    const old = (broker: Broker): Broker => ({ ...broker, logDirs: [{ path: '/data' }] })
    const brokers = snapshot.brokers.map((broker) => (broker.id === 1 ? broker : old(broker)))
    const told = warnBefore({ moves, snapshot: { ...snapshot, brokers }, throttleBytesPerSec: MB })
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^free space is not told by broker 3; .* was not judged/)
    const reorder = [makeMove(0, [1, 2], [2, 1])]
    expect(warnBefore({ moves: reorder, snapshot, throttleBytesPerSec: MB })).toEqual([])
  })

  it('names partitions that are written to faster than the throttle, followers in sync included', () => {
    const busy = makeSnapshot([partition(3 * MB)])
    const told = warnBefore({ moves, snapshot: busy, throttleBytesPerSec: 5 * MB })
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(
      /orders-0 .* throttle of 5\.00 MB\/s .* more than 6\.00 MB\/s is needed/,
    )
    expect(warnBefore({ moves, snapshot: busy, throttleBytesPerSec: 7 * MB })).toEqual([])
    expect(warnBefore({ moves, snapshot: busy, throttleBytesPerSec: null })).toEqual([])
  })
})
