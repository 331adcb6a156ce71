import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import { checkSamples, type SampleFacts } from '../../../src/lib/traffic/check-samples.js'
import type { TrafficWindow } from '../../../src/lib/traffic/window.js'

const HOUR = 3_600_000

const window = (change: Partial<TrafficWindow> = {}): TrafficWindow => ({
  add: () => undefined,
  figuresOf: () => ({ bytesInPerSec: 1, bytesOutPerSec: 1 }),
  span: () => ({ fromMs: 0, toMs: HOUR }),
  coveredMs: () => HOUR,
  ...change,
})

const live: Snapshot = {
  format: 'klinic.snapshot/1',
  cluster: { id: 'c', metadata: 'kraft' },
  capturedAt: '2026-11-21T11:00:00.000Z',
  brokers: [],
  topics: [{ name: 't', partitions: [0, 1, 2].map((id) => ({ id, replicas: [1], leader: 1 })) }],
}

const check = (change: Partial<SampleFacts> = {}) =>
  checkSamples({
    window: window(),
    live,
    missingBrokers: [],
    skippedRecords: 0,
    notices: [],
    atMs: HOUR + 60_000,
    ...change,
  }).map(({ code, severity }) => `${severity} ${code}`)

describe('samples that a plan can build on', () => {
  it('are fresh, without gaps, and know every partition', () => {
    expect(check()).toEqual([])
  })

  it('are not there when the window is empty', () => {
    expect(check({ window: window({ span: () => null }) })).toEqual(['blocker NO_SAMPLES'])
  })

  it('are not old', () => {
    expect(check({ atMs: 2 * HOUR })).toEqual(['warning SAMPLES_OLD'])
  })

  it('have no gaps', () => {
    expect(check({ window: window({ coveredMs: () => HOUR / 2 }) })).toEqual([
      'warning SAMPLES_WITH_GAPS',
    ])
  })

  it('come from every broker', () => {
    expect(check({ missingBrokers: [3] })).toEqual(['warning BROKERS_WITHOUT_SAMPLES'])
  })

  it('know at least 95 % of the partitions, in and out', () => {
    const blind = window({
      figuresOf: (_topic, _id, partition) =>
        partition === 0 ? { bytesInPerSec: 1 } : { bytesInPerSec: 1, bytesOutPerSec: 1 },
    })
    expect(check({ window: blind })).toEqual(['warning PARTITIONS_WITHOUT_FIGURES'])
  })

  it('say what was skipped and what their source cannot see, without alarm', () => {
    expect(check({ skippedRecords: 2, notices: ['unseen'] })).toEqual([
      'info RECORDS_SKIPPED',
      'info SOURCE_LIMIT',
    ])
  })
})
