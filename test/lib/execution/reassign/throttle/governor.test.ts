import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { Governor } from '../../../../../src/lib/execution/reassign/throttle/auto/governor.js'
import type { IntervalTraffic } from '../../../../../src/lib/traffic/interval.js'
import { makeMove } from '../builders.js'

const move = makeMove(0, [1, 2], [1, 3])
const LIMIT = 10_000_000

/** Consumers take so many bytes per second from the leader. */
function trafficOf(rate: number): IntervalTraffic {
  const one = {
    topic: move.topic,
    partition: move.partition,
    leader: 1,
    coveredMs: 1_000,
    bytesIn: 0,
    bytesOut: rate,
    estimatedShare: 0,
    replicaSizes: new Map([[1, 5]]),
    reassigning: true,
    exclusions: [],
  }
  const partitions = new Map([[move.key, one]])
  return { source: 'admin', fromMs: 0, toMs: 1_000, readings: 2, notices: [], partitions }
}

function govern(traffic: () => IntervalTraffic): { governor: Governor; said: string[] } {
  const said: string[] = []
  let nowMs = 0
  const limits = { all: { in: LIMIT, out: LIMIT }, brokers: {} }
  const governor = new Governor(
    { min: 1_000_000, max: 500_000_000, limits },
    {
      reader: {
        readConfigs: () => Promise.resolve([]),
        readMetadata: () =>
          Promise.resolve({
            clusterId: 'c',
            mode: 'kraft',
            controllerId: 1,
            brokers: [],
            fencedBrokerIds: [],
            topics: [],
          }),
        pingBroker: (brokerId) =>
          Promise.resolve({ brokerId, ok: true, value: { roundTripMs: 1 } }),
      },
      clock: {
        nowMs: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms
          await setImmediate()
        },
      },
      measureTraffic: () => Promise.resolve(traffic()),
      say: (text) => said.push(text),
    },
  )
  return { governor, said }
}

/** Until what began in the background is over. */
async function lookIsOver(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await setImmediate()
}

describe('a governor of the throttle', () => {
  it('takes seven tenths of what clients leave of a limit that is known', async () => {
    const { governor } = govern(() => trafficOf(2_000_000))
    await governor.begin([move])
    expect(governor.rate).toBe(0.7 * (LIMIT - 2_000_000))
  })

  it('follows the clients down, and up again', async () => {
    let rate = 2_000_000
    const { governor, said } = govern(() => trafficOf(rate))
    await governor.begin([move])
    rate = 6_000_000
    governor.steer([move], [move])
    await lookIsOver()
    rate = 2_000_000
    expect(governor.steer([move], [move])).toBe(0.7 * (LIMIT - 6_000_000))
    expect(said.at(-1)).toContain('clients need more of the busiest broker')
    await lookIsOver()
    expect(governor.steer([move], [move])).toBe(0.7 * (LIMIT - 6_000_000) * 1.5)
    expect(said.at(-1)).toContain('nothing hurts and there is room')
  })

  it('does not take the moment between two moves for room without end', async () => {
    const { governor, said } = govern(() => trafficOf(2_000_000))
    await governor.begin([move])
    const before = governor.rate
    governor.steer([move], [move])
    await lookIsOver()
    expect(governor.steer([], [move])).toBeNull()
    expect(governor.rate).toBe(before)
    expect(said.filter((text) => text.includes('->'))).toEqual([])
  })

  it("keeps to one fetch at a time where a link is slow, and takes Kafka's size where brokers do not say", async () => {
    const { governor } = govern(() => trafficOf(0))
    expect(await governor.fetchLimits([move])).toEqual({ perBroker: 1, fetchBytes: 1_048_576 })
  })
})
