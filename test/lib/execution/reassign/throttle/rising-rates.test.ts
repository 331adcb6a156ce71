import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { MINIMUM_RATE } from '../../../../../src/lib/execution/reassign/throttle/entries.js'
import { RisingRates } from '../../../../../src/lib/execution/reassign/throttle/rising-rates.js'

const WINDOW_S = 11
const TICK_MS = 100

const rateOf = (rates: RisingRates, broker: number): number => rates.ratesOf(broker)[0] ?? 0

/**
 * Bytes that a greedy stream moves in each second under rates that a broker is told now and then: as long as the sum of the
 * last eleven seconds is below the rate, whatever wants to passes.
 */
function stream(rateAt: (nowMs: number) => number, seconds: number): readonly number[] {
  const passed: number[] = []
  for (let tick = 0; tick < (seconds * 1000) / TICK_MS; tick++) {
    const recent = passed.slice(-(WINDOW_S * 1000) / TICK_MS)
    const sum = recent.reduce((all, bytes) => all + bytes, 0)
    passed.push(Math.max(0, rateAt(tick * TICK_MS) * WINDOW_S - sum))
  }
  const perSecond = 1000 / TICK_MS
  return Array.from({ length: seconds }, (_, second) =>
    passed
      .slice(second * perSecond, (second + 1) * perSecond)
      .reduce((all, bytes) => all + bytes, 0),
  )
}

describe('a rate on its way up', () => {
  it('lets an even stream through, where one that is set at once lets eleven seconds of it through together', () => {
    expect(stream(() => 20e6, 30)[0]).toBe(20e6 * WINDOW_S)
    let nowMs = 0
    const rates = new RisingRates(20e6, () => nowMs)
    rates.begins(1)
    const seconds = stream((atMs) => {
      nowMs = atMs
      return rateOf(rates, 1)
    }, 60)
    for (const bytes of seconds) expect(bytes).toBeCloseTo(20e6, -1)
  })

  it('never lets more through in a second than the rates before and after allow, but for one small step', () => {
    const rate = fc.integer({ min: 11e6, max: 400e6 })
    fc.assert(
      fc.property(rate, rate, (first, second) => {
        let nowMs = 0
        const rates = new RisingRates(first, () => nowMs)
        rates.begins(1)
        const seconds = stream((atMs) => {
          nowMs = atMs
          if (atMs === 30_000) rates.aimAt(second)
          return rateOf(rates, 1)
        }, 70)
        const most = Math.max(first, second)
        for (const [at, bytes] of seconds.entries()) {
          expect(bytes).toBeLessThan(at < 30 ? first * 1.01 : most * 2.01)
        }
        const settled = seconds.slice(-11).reduce((sum, bytes) => sum + bytes, 0)
        expect(settled / WINDOW_S).toBeCloseTo(second, -1)
      }),
    )
  })

  it('goes down at once, is never less than the least, and begins for each broker when it has its first', () => {
    let nowMs = 0
    const rates = new RisingRates(5e6, () => nowMs)
    expect([rateOf(rates, 1), rates.isRising]).toEqual([MINIMUM_RATE, false])
    rates.begins(1)
    nowMs = 20_000
    expect([rateOf(rates, 1), rates.isRising]).toEqual([5e6, false])
    expect([rateOf(rates, 2), rates.isRising]).toEqual([MINIMUM_RATE, false])
    rates.begins(2)
    expect([rateOf(rates, 2), rates.isRising]).toEqual([MINIMUM_RATE, true])
    rates.aimAt(2e6)
    expect(rateOf(rates, 1)).toBe(2e6)
  })

  it('has nothing to rise from where the least is all that is wanted', () => {
    const rates = new RisingRates(MINIMUM_RATE, () => 0)
    expect([rates.ratesOf(1), rates.isRising]).toEqual([[MINIMUM_RATE], false])
  })

  it('goes on from where it stood before this process began', () => {
    let nowMs = 0
    const rates = new RisingRates(50e6, () => nowMs)
    rates.stands(1, 50e6)
    rates.stands(2, 28e6)
    expect([rateOf(rates, 1), rateOf(rates, 2)]).toEqual([50e6, 28e6 + 22e6 / 5])
    rates.begins(2)
    nowMs = 11_000
    expect([rateOf(rates, 2), rates.isRising]).toEqual([50e6, false])
  })
})
