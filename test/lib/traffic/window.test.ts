import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BrokerSample, ReplicaSample } from '../../../src/lib/traffic/sample.js'
import { BUCKET_MS, openWindow, type WindowOptions } from '../../../src/lib/traffic/window.js'

const MINUTE = 60_000
const START = 100 * BUCKET_MS

const leader = (bytesIn: number | null, extra: Partial<ReplicaSample> = {}): ReplicaSample => ({
  partition: 0,
  role: 'leader',
  sizeBytes: 10,
  logDir: null,
  logStartOffset: 0,
  logEndOffset: 10,
  coveredMs: MINUTE,
  bytesIn,
  bytesOut: bytesIn === null ? null : 2 * bytesIn,
  reassigning: false,
  state: null,
  ...extra,
})

/** One minute of a broker, `minute` minutes after the start. */
function sample(
  minute: number,
  replica: ReplicaSample,
  extra: Partial<BrokerSample> = {},
): BrokerSample {
  return {
    clusterId: 'c',
    clusterName: null,
    mode: 'kraft',
    controllerId: 1,
    source: 'admin',
    fromMs: START + minute * MINUTE,
    toMs: START + (minute + 1) * MINUTE,
    capturedAtMs: START + (minute + 1) * MINUTE,
    brokerIds: [1],
    part: 0,
    parts: 1,
    broker: { id: 1, host: 'h', port: 9092, state: 'alive' },
    throttles: [],
    clusterThrottles: [],
    topics: [
      { name: 't', topicId: 'id', minInsyncReplicas: null, throttles: [], replicas: [replica] },
    ],
    remarks: null,
    notices: [],
    ...extra,
  }
}

const options: WindowOptions = {
  fromMs: START,
  toMs: START + 24 * 60 * MINUTE,
  statistic: 'max',
  source: 'admin',
}

function figures(
  samples: readonly BrokerSample[],
  extra: Partial<WindowOptions> = {},
  topicId = 'id',
) {
  const window = openWindow({ ...options, ...extra })
  for (const one of samples) window.add(one)
  return window.figuresOf('t', topicId, 0)
}

/** An hour with a mean of 1000 B/s in its third quarter and 100 B/s else. */
const hour = Array.from({ length: 60 }, (_, minute) =>
  sample(minute, leader(minute >= 30 && minute < 45 ? 60_000 : 6_000)),
)

describe('the figure of a window', () => {
  it('is the largest 15-minute mean by default', () => {
    expect(figures(hour)).toEqual({ bytesInPerSec: 1000, bytesOutPerSec: 2000 })
  })

  it('can be the mean over all of it', () => {
    expect(figures(hour, { statistic: 'mean' }).bytesInPerSec).toBeCloseTo(325)
  })

  it('can be the 95th percentile, which one hot quarter of a day does not reach', () => {
    const day = Array.from({ length: 96 }, (_, quarter) =>
      sample(quarter * 15, leader(quarter === 40 ? 600_000 : 6_000)),
    )
    expect(figures(day, { statistic: 'p95' }).bytesInPerSec).toBe(100)
  })

  it('is the same whatever the order of the samples and however often one is repeated', () => {
    const shuffled = fc.shuffledSubarray(hour, { minLength: 60 })
    fc.assert(
      fc.property(shuffled, fc.array(fc.constantFrom(...hour)), (order, repeated) => {
        for (const statistic of ['max', 'p95', 'mean'] as const)
          expect(figures([...order, ...repeated], { statistic })).toEqual(
            figures(hour, { statistic }),
          )
      }),
      { numRuns: 30 },
    )
  })

  it('is missing, not zero, where nothing was measured', () => {
    const silent = hour.map((one) => ({ ...one, topics: [] }))
    expect(figures(silent)).toEqual({})
    const unknown = sample(0, leader(null, { coveredMs: 0 }))
    expect(figures([unknown])).toEqual({})
  })

  it('knows bytes in where bytes out are unknown', () => {
    const blind = sample(0, leader(6_000, { bytesOut: null }))
    expect(figures([blind])).toEqual({ bytesInPerSec: 100 })
  })

  it('follows a partition from one leader to another', () => {
    const moved = hour.map((one, minute) =>
      minute < 30 ? one : { ...one, broker: { ...one.broker, id: 2 } },
    )
    expect(figures(moved)).toEqual(figures(hour))
  })

  it('forgets the topic that was deleted when one of the same name is created', () => {
    expect(figures(hour, {}, 'another-id')).toEqual({})
  })

  it('counts what a sample covers, not its whole interval', () => {
    const half = sample(0, leader(3_000, { coveredMs: MINUTE / 2 }))
    expect(figures([half]).bytesInPerSec).toBe(100)
  })

  it('leaves out samples outside of the window and of other sources', () => {
    const late = { fromMs: START + 15 * MINUTE, toMs: START + 30 * MINUTE }
    expect(figures(hour, late).bytesInPerSec).toBe(100)
    expect(figures(hour, { source: 'jmx' })).toEqual({})
  })

  it('does not let a few seconds at the edge of a quarter outweigh whole quarters', () => {
    const edge = sample(60, leader(600_000, { coveredMs: 10_000 }))
    expect(figures([...hour, edge]).bytesInPerSec).toBe(1000)
    expect(figures([edge]).bytesInPerSec).toBe(60_000)
  })
})

describe('coverage', () => {
  it('is the time without gaps and overlaps of the broker that is covered best', () => {
    const window = openWindow(options)
    for (const minute of [0, 1, 1, 5]) window.add(sample(minute, leader(1)))
    window.add(sample(1, leader(1), { fromMs: START + 90_000, toMs: START + 150_000 }))
    expect(window.coveredMs()).toBe(3.5 * MINUTE)
    expect(window.span()).toEqual({ fromMs: START, toMs: START + 6 * MINUTE })
  })
})

describe('a source of moving averages', () => {
  const jmx = (minute: number, replica: ReplicaSample, broker = 1) =>
    sample(minute, replica, {
      source: 'jmx',
      broker: { id: broker, host: 'h', port: 1, state: 'alive' },
    })
  const day = Array.from({ length: 120 }, (_, minute) => minute)

  it('leaves out what was measured during a reassignment and 30 minutes after, in any order of reading', () => {
    const samples = day.map((minute) =>
      jmx(
        minute,
        leader(minute < 10 || minute >= 60 ? 6_000 : 600_000, {
          reassigning: minute >= 10 && minute < 30,
        }),
      ),
    )
    const expected = { bytesInPerSec: 100, bytesOutPerSec: 200 }
    expect(figures(samples, { source: 'jmx' })).toEqual(expected)
    expect(figures([...samples].reverse(), { source: 'jmx' })).toEqual(expected)
  })

  it('leaves out 30 minutes after a change of leader', () => {
    const samples = day.map((minute) =>
      jmx(minute, leader(minute >= 20 && minute < 51 ? 600_000 : 6_000), minute < 20 ? 1 : 2),
    )
    expect(figures(samples, { source: 'jmx' }).bytesInPerSec).toBe(100)
  })

  it('does nothing of the kind for differences of logs', () => {
    const samples = day.map((minute) => sample(minute, leader(6_000, { reassigning: true })))
    expect(figures(samples).bytesInPerSec).toBe(100)
  })
})
