import { describe, expect, it } from 'vitest'

import type { Broker, Snapshot } from '../../../src/lib/model/snapshot.js'
import { openSightingsFinder, withSightings } from '../../../src/lib/traffic/broker-sightings.js'
import type { BrokerSample } from '../../../src/lib/traffic/sample.js'
import { toSamples } from '../../../src/lib/traffic/to-samples.js'
import { broker, cluster, healthy, topic } from '../health/cluster-builder.js'
import { ago } from '../health/evidence-builder.js'

/** What a collector saw of broker 3 so many minutes ago, while it measured 60 s of `orders-0`. */
function collect(minutes: number, third: Broker): readonly BrokerSample[] {
  const snapshot: Snapshot = cluster({
    capturedAt: ago(minutes),
    brokers: [broker(1), broker(2), third],
    topics: [topic('orders', [healthy(1, 3)])],
  })
  const toMs = Date.parse(ago(minutes))
  const samples = toSamples(snapshot, {
    source: 'admin',
    fromMs: toMs - 60_000,
    toMs,
    readings: 2,
    notices: [],
    partitions: new Map(),
  })
  return samples.map((sample) => ({
    ...sample,
    topics: sample.topics.map((one) => ({
      ...one,
      replicas: one.replicas.map((replica) =>
        replica.role === 'leader'
          ? { ...replica, coveredMs: 60_000, bytesIn: 60_000_000, bytesOut: 120_000_000 }
          : replica,
      ),
    })),
  }))
}
const missing = broker(3, { state: 'dead' })

describe('what samples tell of brokers', () => {
  it('is when a broker was last there, and since when it is missing, in whatever order they come', () => {
    const samples = [
      ...collect(9, missing),
      ...collect(30, broker(3)),
      ...collect(12, missing),
      ...collect(40, missing),
    ]
    for (const order of [samples, samples.toReversed()]) {
      const finder = openSightingsFinder()
      for (const sample of order) finder.add(sample)
      expect(finder.sightings([]).get(3)).toEqual({ lastSampleAt: ago(30), awayAt: ago(12) })
    }
  })

  it('is no sign of life of a broker that did not answer', () => {
    const finder = openSightingsFinder()
    for (const sample of collect(5, broker(3, { unreachable: 'TIMED_OUT' }))) finder.add(sample)
    expect(finder.sightings([]).get(3)).toEqual({})
  })

  it('is what each broker carried last: producers and followers in, consumers and followers out', () => {
    const newest = collect(5, broker(3))
    const finder = openSightingsFinder()
    for (const sample of newest) finder.add(sample)
    const snapshot = withSightings(cluster(), finder.sightings(newest))
    const [leader, , follower] = snapshot.brokers.map(({ evidence }) => evidence?.traffic)
    expect(leader).toEqual({ at: ago(5), inBytesPerSec: 1e6, outBytesPerSec: 3e6 })
    expect(follower).toEqual({ at: ago(5), inBytesPerSec: 1e6, outBytesPerSec: 0 })
  })
})
