import { describe, expect, it } from 'vitest'

import { fetchesAtOnce } from '../../../../../src/lib/execution/reassign/throttle/auto/fetches-at-once.js'
import { readFetchBytes } from '../../../../../src/lib/execution/reassign/throttle/auto/read-fetch-bytes.js'

describe('how many fetches of moves a broker gets at a time', () => {
  it('is as many as its link carries in 2 ms, one at least and five at most', () => {
    const of = (rate: number) => fetchesAtOnce({ all: { in: rate }, brokers: {} }, 1e6).perBroker
    expect([8e6, 125e6, 1250e6, 12_500e6].map(of)).toEqual([1, 1, 2, 5])
  })

  it('goes by what followers ask for at a time', () => {
    const of = (fetchBytes: number) => fetchesAtOnce({ all: { in: 10e6 }, brokers: {} }, fetchBytes)
    expect([1e6, 16e3, 6e3].map((bytes) => of(bytes).perBroker)).toEqual([1, 1, 3])
  })

  it('goes by the slowest broker, and is small where nothing is known', () => {
    const limits = { all: { out: 12_500e6 }, brokers: { '3': { in: 60e6 } } }
    expect(fetchesAtOnce(limits, 1e6).perBroker).toBe(1)
    expect(fetchesAtOnce({ all: {}, brokers: {} }, 1e6).perBroker).toBe(2)
  })
})

describe('what followers ask for at a time', () => {
  const answer = (name: string, value: string | null) => ({
    resource: { type: 'broker', name } as const,
    values: [
      {
        name: 'replica.fetch.max.bytes',
        value,
        source: 'STATIC_BROKER',
        sensitive: false,
      } as const,
    ],
  })

  it('is the most that a broker of the moves has configured', async () => {
    const readConfigs = () => Promise.resolve([answer('1', '65536'), answer('2', '32768')])
    expect(await readFetchBytes({ readConfigs }, [1, 2])).toBe(65_536)
  })

  it("is Kafka's default where brokers do not say", async () => {
    const readConfigs = () => Promise.resolve([answer('1', null)])
    expect(await readFetchBytes({ readConfigs }, [1])).toBe(1_048_576)
  })
})
