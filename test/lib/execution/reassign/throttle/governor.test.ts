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

/** What a test turns: clients' traffic, and how brokers answer; null for not at all. */
interface Scene {
  rate: number
  roundTripMs: (broker: number) => number | null
  isReadable: boolean
}

const quiet = (): Scene => ({ rate: 2_000_000, roundTripMs: () => 1, isReadable: true })

function govern(scene: Scene): { governor: Governor; said: string[] } {
  const said: string[] = []
  let nowMs = 0
  const limits = { all: { in: LIMIT, out: LIMIT }, brokers: {} }
  const governor = new Governor(
    { min: 1_000_000, max: 500_000_000, limits },
    {
      reader: {
        readConfigs: () => Promise.resolve([]),
        readMetadata: () => {
          if (!scene.isReadable) return Promise.reject(new Error('no answer'))
          return Promise.resolve({
            clusterId: 'c',
            mode: 'kraft',
            controllerId: 1,
            brokers: [1, 2, 3].map((id) => ({ id, host: `b${id}`, port: 9092 })),
            fencedBrokerIds: [],
            topics: [],
          })
        },
        readLogEnds: () => Promise.resolve([]),
        pingBroker: (brokerId) => {
          const roundTripMs = scene.roundTripMs(brokerId)
          const failure = { code: 'TIMED_OUT', message: '' }
          return Promise.resolve(
            roundTripMs === null
              ? { brokerId, ok: false, failure }
              : { brokerId, ok: true, value: { roundTripMs } },
          )
        },
      },
      clock: {
        nowMs: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms
          await setImmediate()
        },
      },
      measureTraffic: () => Promise.resolve(trafficOf(scene.rate)),
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
    const { governor } = govern(quiet())
    await governor.begin([move])
    expect(governor.rate).toBe(0.7 * (LIMIT - 2_000_000))
  })

  it('follows the clients down, and up again', async () => {
    const scene = quiet()
    const { governor, said } = govern(scene)
    await governor.begin([move])
    scene.rate = 6_000_000
    governor.steer([move], [move])
    await lookIsOver()
    scene.rate = 2_000_000
    expect(governor.steer([move], [move])).toBe(0.7 * (LIMIT - 6_000_000))
    expect(said.at(-1)).toContain('clients need more of the busiest broker')
    await lookIsOver()
    expect(governor.steer([move], [move])).toBe(0.7 * (LIMIT - 6_000_000) * 1.5)
    expect(said.at(-1)).toContain('nothing hurts and there is room')
  })

  it('does not take the moment between two moves for room without end', async () => {
    const { governor, said } = govern(quiet())
    await governor.begin([move])
    const before = governor.rate
    governor.steer([move], [move])
    await lookIsOver()
    expect(governor.steer([], [move])).toBeNull()
    expect(governor.rate).toBe(before)
    expect(said.filter((text) => text.includes('->'))).toEqual([])
  })

  /** Looks as often as asked, one after the other. */
  async function follow(governor: Governor, looks: number): Promise<void> {
    governor.steer([move], [move])
    for (let look = 0; look < looks; look++) {
      await lookIsOver()
      governor.steer([move], [move])
    }
  }

  it('goes down when answers come late twice in a row, and not for once', async () => {
    const scene = quiet()
    const { governor, said } = govern(scene)
    await governor.begin([move])
    scene.roundTripMs = () => 50
    await follow(governor, 1)
    expect(said.filter((text) => text.includes('->'))).toEqual([])
    await follow(governor, 1)
    expect(said.at(-1)).toContain('one answer in ten takes 50 ms instead of 1')
  })

  it('feels late answers also when the look before the moves failed', async () => {
    const scene = { ...quiet(), isReadable: false }
    const { governor, said } = govern(scene)
    await governor.begin([move])
    expect(governor.rate).toBe(1_000_000)
    scene.isReadable = true
    await follow(governor, 2)
    expect(governor.rate).toBeGreaterThan(1_000_000)
    scene.roundTripMs = () => 50
    await follow(governor, 3)
    expect(said.join()).toContain('one answer in ten takes 50 ms instead of 1')
  })

  it('takes a broker that was silent before the moves for no pain', async () => {
    const scene = { ...quiet(), roundTripMs: (broker: number) => (broker === 2 ? null : 1) }
    const { governor, said } = govern(scene)
    await governor.begin([move])
    await follow(governor, 3)
    expect(said.filter((text) => text.includes('->'))).toEqual([])
    scene.roundTripMs = (broker) => (broker === 1 ? 1 : null)
    await follow(governor, 2)
    expect(said.at(-1)).toContain('broker 3 does not answer')
  })

  it("keeps to one fetch at a time where a link is slow, and takes Kafka's size where brokers do not say", async () => {
    const { governor } = govern(quiet())
    expect(await governor.fetchLimits([move])).toEqual({ perBroker: 1, fetchBytes: 1_048_576 })
  })
})
