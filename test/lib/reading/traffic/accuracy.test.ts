import { describe, expect, it } from 'vitest'
import { observeTraffic } from '../../../../src/lib/reading/traffic/observe-traffic.js'
import { ratesOf } from '../../../../src/lib/traffic/measure-interval.js'
import { SimulatedCluster, type GroupSpec } from './simulated-cluster.js'
import { SimulatedLog, type LogSpec } from './simulated-log.js'

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const MB = 1e6
const steady = (rate: number) => () => rate
const bursts = (low: number, high: number, everyMs: number) => (ms: number) =>
  Math.floor(ms / everyMs) % 2 === 0 ? low : high

function log(spec: Partial<LogSpec>): SimulatedLog {
  const random = randomFrom(7)
  return new SimulatedLog({
    topic: 't',
    partition: 0,
    bytesPerSec: steady(MB),
    recordBytes: () => (random() < 0.5 ? 200 : 1000),
    before: mixed(20),
    random,
    ...spec,
  })
}

interface Scenario {
  readonly log?: Partial<LogSpec>
  readonly follower?: Partial<LogSpec>
  readonly groups?: readonly Partial<GroupSpec>[]
  readonly durationMs?: number
  readonly warmUpMs?: number
  /** Where the truth cannot be known better: when a group that stopped did its last reading. */
  readonly outTolerance?: number
}

/** Old records of the same mix as the new ones. */
const mixed = (megabytes: number): readonly (readonly [number, number])[] =>
  Array.from({ length: megabytes * 61 }, (_, index) => [16_384, index % 2 === 0 ? 200 : 1000])

/** Observes the scenario; errors are shares of the truth over exactly the observed time. */
async function observe(scenario: Scenario): Promise<{ in: number; out: number }> {
  const cluster = new SimulatedCluster({
    logs: [log(scenario.log ?? {})],
    followers:
      scenario.follower === undefined ? [] : [log({ ...scenario.log, ...scenario.follower })],
    groups: (scenario.groups ?? []).map((group, index) => ({
      groupId: `g${index}`,
      key: 't-0',
      commitEveryMs: 5000,
      ...group,
    })),
  })
  cluster.advance(scenario.warmUpMs ?? 21_000)
  const durationMs = scenario.durationMs ?? 60_000
  const before = cluster.truth().get('t-0')!
  const startMs = cluster.nowMs
  const traffic = await observeTraffic(cluster.reader(), { clock: cluster.clock, durationMs })
  const after = cluster.truth().get('t-0')!
  const seconds = (cluster.nowMs - startMs) / 1000
  const rates = ratesOf(traffic.partitions.get('t-0')!)
  const error = (measured: number | undefined, bytes: number): number =>
    bytes === 0 ? measured! : (measured! * seconds - bytes) / bytes
  return {
    in: error(rates.bytesInPerSec, after.bytesIn - before.bytesIn),
    out: error(rates.bytesOutPerSec, after.bytesOut - before.bytesOut),
  }
}

const scenarios: readonly (readonly [string, Scenario])[] = [
  ['a steady log with a group that commits every 5 s', { groups: [{}] }],
  [
    'bursts with a group that keeps up',
    { log: { bytesPerSec: bursts(0.2 * MB, 3 * MB, 7000) }, groups: [{}] },
  ],
  [
    'bursts of large records between small ones',
    {
      log: {
        bytesPerSec: bursts(0.3 * MB, 2 * MB, 5000),
        recordBytes: (ms) => (Math.floor(ms / 5000) % 2 === 0 ? 100 : 5000),
      },
      groups: [{}, { commitEveryMs: 1000 }],
    },
  ],
  [
    'a log that retention cuts every second',
    {
      log: { segmentBytes: 2 * MB, retentionBytes: 10 * MB, retentionCheckMs: 1000 },
      groups: [{}],
    },
  ],
  [
    'a log that retention cuts every 5 s',
    {
      log: { segmentBytes: 2 * MB, retentionBytes: 10 * MB, retentionCheckMs: 5000 },
      groups: [{}],
    },
  ],
  [
    'a log that retention cuts every second, in bursts of two record sizes',
    {
      log: {
        segmentBytes: 2 * MB,
        retentionBytes: 8 * MB,
        retentionCheckMs: 1000,
        bytesPerSec: bursts(0.5 * MB, 2 * MB, 5000),
        recordBytes: (ms) => (Math.floor(ms / 5000) % 2 === 0 ? 200 : 1000),
      },
      groups: [{}],
    },
  ],
  [
    'a compacted log with one replica',
    { log: { segmentBytes: 2 * MB, compactTo: 0.3, cleanEveryMs: 15_000 }, groups: [{}] },
  ],
  [
    'a compacted log with two replicas in bursts',
    {
      log: {
        segmentBytes: 2 * MB,
        compactTo: 0.3,
        cleanEveryMs: 15_000,
        bytesPerSec: bursts(0.3 * MB, 2 * MB, 4000),
      },
      follower: { cleanEveryMs: 17_000 },
      groups: [{}],
    },
  ],
  [
    'a group that commits every 20 s, over ten commits',
    {
      groups: [{ commitEveryMs: 20_000, commitPhaseMs: 3000 }],
      durationMs: 200_000,
      log: { bytesPerSec: bursts(0.2 * MB, 2 * MB, 6000) },
    },
  ],
  [
    'a group that commits every 20 s, over 60 s',
    {
      groups: [{ commitEveryMs: 20_000, commitPhaseMs: 3000 }],
      log: { bytesPerSec: bursts(0.2 * MB, 2 * MB, 6000) },
    },
  ],
  [
    'a group far behind',
    { groups: [{ startOffset: 0, maxBytesPerSec: 0.4 * MB }], log: { before: mixed(100) } },
  ],
  [
    'a group far behind that commits every 20 s',
    {
      groups: [{ startOffset: 0, maxBytesPerSec: 0.4 * MB, commitEveryMs: 20_000 }],
      log: { before: mixed(100) },
      durationMs: 200_000,
    },
  ],
  ['a group that rewinds', { groups: [{ rewinds: [[50_000, 40_000]], maxBytesPerSec: 3 * MB }] }],
  [
    'a group that rewinds and commits with the seek',
    { groups: [{ rewinds: [[52_000, 40_000]], seekCommits: true, maxBytesPerSec: 1.5 * MB }] },
  ],
  [
    'a group that rewinds twice and reads slowly',
    {
      groups: [
        {
          rewinds: [
            [43_000, 9000],
            [66_000, 9000],
          ],
          startOffset: 30_000,
          maxBytesPerSec: 0.5 * MB,
        },
      ],
    },
  ],
  ['a group that stops half-way', { groups: [{ stopsAtMs: 51_000 }], outTolerance: 0.1 }],
  [
    'three groups at once',
    { groups: [{}, { commitEveryMs: 1000 }, { startOffset: 0, maxBytesPerSec: 0.3 * MB }] },
  ],
]

describe('bytes in within 3 % and bytes out within 5 % of the truth over the window', () => {
  it.each(scenarios)('%s', async (_, scenario) => {
    const error = await observe(scenario)
    expect(Math.abs(error.in)).toBeLessThan(0.03)
    expect(Math.abs(error.out)).toBeLessThan(scenario.outTolerance ?? 0.05)
  })
})
