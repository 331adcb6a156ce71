import { describe, expect, it } from 'vitest'

import { brokerLoads, maxOverMean } from '../../../src/lib/model/broker-load.js'
import { broker, cluster, healthy, topic } from '../health/cluster-builder.js'

const one = topic('orders', [
  { ...healthy(1, 2, 3), bytesInPerSec: 10, bytesOutPerSec: 7, sizeBytes: 100 },
])

describe('what a broker carries', () => {
  it('is in for every replica; out for the leader: consumers and replication to each follower', () => {
    const loads = brokerLoads(cluster({ topics: [one] }))
    const follower = {
      inBytesPerSec: 10,
      outBytesPerSec: 0,
      diskBytes: 100,
      replicas: 1,
      leaders: 0,
    }
    expect(loads.get(1)).toEqual({ ...follower, outBytesPerSec: 27, leaders: 1 })
    expect(loads.get(2)).toEqual(follower)
  })

  it('counts a partition in flight where it will be', () => {
    const moving = { ...healthy(3, 1, 2), leader: 1, adding: [3], removing: [1], bytesInPerSec: 10 }
    const loads = brokerLoads(cluster({ topics: [topic('orders', [moving])] }))
    expect([1, 2, 3].map((id) => loads.get(id)?.replicas)).toEqual([0, 1, 1])
    expect([1, 2, 3].map((id) => loads.get(id)?.leaders)).toEqual([0, 0, 1])
    expect(loads.get(3)?.outBytesPerSec).toBe(10)
  })
})

describe('the busiest broker over the mean', () => {
  const loads = (...figures: number[]) =>
    new Map(
      figures.map((inBytesPerSec, index) => [
        index + 1,
        { inBytesPerSec, outBytesPerSec: 0, diskBytes: 0, replicas: 0, leaders: 0 },
      ]),
    )
  const sized = (id: number, inBytesPerSec: number) => broker(id, { capacity: { inBytesPerSec } })

  it('compares shares of capacity', () => {
    const brokers = [sized(1, 100), sized(2, 300)]
    expect(maxOverMean(brokers, loads(10, 30), 'in')).toBeCloseTo(1)
    expect(maxOverMean(brokers, loads(20, 20), 'in')).toBeCloseTo(2)
  })

  it('counts all as equal when one states no capacity', () => {
    expect(maxOverMean([sized(1, 100), broker(2)], loads(10, 30), 'in')).toBeCloseTo(1.5)
  })

  it('leaves out dead and draining brokers, and is 1 without any load', () => {
    const brokers = [broker(1), broker(2), broker(3, { state: 'draining' })]
    expect(maxOverMean(brokers, loads(10, 30, 500), 'in')).toBeCloseTo(1.5)
    expect(maxOverMean(brokers, loads(0, 0, 0), 'out')).toBe(1)
  })
})
