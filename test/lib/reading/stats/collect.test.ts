import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import {
  collect,
  type Collected,
  type CollectOptions,
} from '../../../../src/lib/reading/stats/collect.js'
import { SimulatedCluster } from '../traffic/simulated-cluster.js'
import { SimulatedLog } from '../traffic/simulated-log.js'

const MB = 1e6

function simulate(recordBytes: (ms: number) => number = () => 500): SimulatedCluster {
  const log = new SimulatedLog({
    topic: 't',
    partition: 0,
    bytesPerSec: () => MB,
    recordBytes,
    random: () => 0.5,
    before: [[MB, 500]],
  })
  return new SimulatedCluster({
    logs: [log],
    groups: [{ groupId: 'g', key: 't-0', commitEveryMs: 5000 }],
  })
}

function snapshotAt(cluster: SimulatedCluster): Snapshot {
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'simulated', metadata: 'kraft' },
    capturedAt: new Date(cluster.nowMs).toISOString(),
    brokers: [{ id: 1, host: 'h', port: 9092, state: 'alive' }],
    topics: [
      {
        name: 't',
        topicId: 'id-of-t',
        partitions: [{ id: 0, replicas: [1], isr: [1], leader: 1 }],
      },
    ],
  }
}

async function run(
  cluster: SimulatedCluster,
  options: Partial<CollectOptions> = {},
): Promise<{ readonly count: number; readonly published: readonly Collected[] }> {
  const published: Collected[] = []
  const count = await collect(cluster.reader(), {
    clock: cluster.clock,
    intervalMs: 60_000,
    signal: new AbortController().signal,
    readState: () => Promise.resolve(snapshotAt(cluster)),
    publish: (collected) => {
      published.push(collected)
      return Promise.resolve()
    },
    ...options,
  })
  return { count, published }
}

const leader = (collected: Collected | undefined) => collected?.samples[0]?.topics[0]?.replicas[0]

describe('collecting', () => {
  it('publishes one sample a broker for each interval, and the intervals follow each other without a gap', async () => {
    const cluster = simulate()
    cluster.advance(10_000)
    const { count, published } = await run(cluster, { durationMs: 180_000 })
    expect(count).toBe(3)
    for (const [index, collected] of published.entries()) {
      expect(collected.samples).toHaveLength(1)
      if (index > 0) expect(collected.fromMs).toBe(published[index - 1]?.toMs)
      const replica = leader(collected)
      expect(replica?.bytesIn).toBeGreaterThan(0.97 * MB * 60)
      expect(replica?.bytesIn).toBeLessThan(1.03 * MB * 60)
      expect(replica?.bytesOut).toBeGreaterThan(0.95 * MB * 60)
      expect(replica?.bytesOut).toBeLessThan(1.05 * MB * 60)
    }
  })

  it('gives one sample when the duration is one interval', async () => {
    expect((await run(simulate(), { durationMs: 60_000 })).count).toBe(1)
  })

  it('publishes what was begun when it is stopped', async () => {
    const cluster = simulate()
    const stop = new AbortController()
    const onProgress = ({ samples, elapsedMs }: { samples: number; elapsedMs: number }): void => {
      if (samples === 1 && elapsedMs > 20_000) stop.abort()
    }
    const { count, published } = await run(cluster, { signal: stop.signal, onProgress })
    expect(count).toBe(2)
    const last = published[1]
    expect((last?.toMs ?? 0) - (last?.fromMs ?? 0)).toBeLessThan(40_000)
    expect(leader(last)?.bytesIn).toBeGreaterThan(0)
  })

  it('keeps collections while the topic does not take them, and publishes them afterwards in order', async () => {
    const published: Collected[] = []
    const troubles: string[] = []
    let calls = 0
    const { count } = await run(simulate(), {
      durationMs: 240_000,
      publish: (collected) => {
        calls += 1
        if (calls === 1 || calls === 2)
          return Promise.reject(
            new OperatorError({ code: 'UNREACHABLE', message: 'no leader', exit: 'unreachable' }),
          )
        published.push(collected)
        return Promise.resolve()
      },
      onTrouble: (error) => troubles.push(error.code),
    })
    expect(troubles).toEqual(['UNREACHABLE', 'UNREACHABLE'])
    expect(count).toBe(published.length)
    const times = published.map((collected) => collected.fromMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times.length).toBeGreaterThanOrEqual(3)
  })

  it('knows the bytes of old records from the intervals in which they were written', async () => {
    const small = (ms: number): number => (ms < 400_000 ? 100 : 2000)
    const log = new SimulatedLog({
      topic: 't',
      partition: 0,
      bytesPerSec: () => MB,
      recordBytes: small,
      random: () => 0.5,
      before: [[MB, 500]],
    })
    const cluster = new SimulatedCluster({
      logs: [log],
      groups: [
        {
          groupId: 'late',
          key: 't-0',
          commitEveryMs: 5000,
          startOffset: 0,
          maxBytesPerSec: 0.3 * MB,
        },
      ],
    })
    const { published } = await run(cluster, { durationMs: 1_200_000 })
    const last = leader(published.at(-1))
    expect(last?.bytesOut).toBeGreaterThan(0.95 * 0.3 * MB * 60)
    expect(last?.bytesOut).toBeLessThan(1.05 * 0.3 * MB * 60)
  })
})
