import { describe, expect, it } from 'vitest'

import { fetchesAtOnce } from '../../../../../src/lib/execution/reassign/throttle/auto/fetches-at-once.js'

describe('how many fetches of moves a broker gets at a time', () => {
  it('is as many as its link carries in 20 ms, one at least and five at most', () => {
    const of = (rate: number) => fetchesAtOnce({ all: { in: rate }, brokers: {} })
    expect([8e6, 30e6, 125e6, 1250e6].map(of)).toEqual([1, 1, 2, 5])
  })

  it('goes by the slowest broker, and is small where nothing is known', () => {
    expect(fetchesAtOnce({ all: { out: 1250e6 }, brokers: { '3': { in: 60e6 } } })).toBe(1)
    expect(fetchesAtOnce({ all: {}, brokers: {} })).toBe(2)
  })
})
