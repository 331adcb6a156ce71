import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTopics,
  describeTopics,
  type Lab,
  type LoadReport,
  readJmxTotals,
  startLab,
  startLoad,
} from '../lab/index.js'
import { listOffsets } from '../lab/load/fetch.js'

let lab: Lab

beforeAll(async () => {
  lab = await startLab({
    mode: 'kraft',
    brokers: 2,
    basePort: 19_930,
    secured: true,
    jolokia: true,
  })
})

afterAll(async () => {
  await lab.down()
})

async function logEndOffsets(topic: string): Promise<Record<string, number>> {
  const offsets: Record<string, number> = {}
  for (const state of await describeTopics(lab, [topic])) {
    const wire = await lab.connect(state.leader)
    const found = await listOffsets(wire, topic, [state.partition], 'latest')
    wire.close()
    offsets[`${topic}-${state.partition}`] = found.get(state.partition) ?? -1
  }
  return offsets
}

const recordsOf = (report: LoadReport, topic: string): Record<string, number> =>
  Object.fromEntries(
    report.partitions
      .filter((one) => one.topic === topic)
      .map((one) => [`${one.topic}-${one.partition}`, one.records]),
  )

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

describe('the load', () => {
  it('reports what the log holds and the brokers counted, also when a leader dies under it', async () => {
    await createTopics(lab, [
      {
        name: 'hot',
        assignment: [
          [1, 2],
          [2, 1],
        ],
      },
      { name: 'zipped', assignment: [[2, 1]] },
    ])
    const load = await startLoad(lab, {
      produce: [
        { topic: 'hot', bytesInPerSec: [300_000, 100_000], recordBytes: [100, 1500] },
        { topic: 'zipped', bytesInPerSec: [100_000], compression: 'gzip' },
      ],
      consume: [
        { name: 'billing', topic: 'hot', commitEverySec: 2 },
        { name: 'mirror', topic: 'zipped', commits: false },
      ],
    })
    const before = await readJmxTotals(lab)
    await sleep(8_000)
    const after = await readJmxTotals(lab)
    const report = await load.report({
      fromMs: before[0]?.atMs ?? 0,
      toMs: after[0]?.atMs ?? 0,
    })
    const counted = (when: typeof before): number =>
      sum(when.flatMap((broker) => [...broker.topics.values()].map((totals) => totals.bytesIn)))
    const truth = sum(report.partitions.map((one) => one.bytes))
    // Eight seconds are short: the counters are read a moment apart from the window's ends.
    expect(Math.abs(truth / (counted(after) - counted(before)) - 1)).toBeLessThan(0.06)
    expect(Math.abs(truth / 8 / 500_000 - 1)).toBeLessThan(0.2)
    expect(report.consumers.map((one) => `${one.name} ${one.topic}-${one.partition}`)).toEqual([
      'billing hot-0',
      'billing hot-1',
      'mirror zipped-0',
    ])

    await lab.kill(2)
    await lab.start(2)
    const whole = await load.stop()
    expect(recordsOf(whole, 'hot')).toEqual(await logEndOffsets('hot'))
    expect(recordsOf(whole, 'zipped')).toEqual(await logEndOffsets('zipped'))
  })
})
