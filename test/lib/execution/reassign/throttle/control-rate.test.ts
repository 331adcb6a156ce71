import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  controlRate,
  startRate,
  type RateReading,
  type RateState,
} from '../../../../../src/lib/execution/reassign/throttle/auto/control-rate.js'

const BOUNDS = { min: 2e6, max: 200e6 }
const INTERVALS = 120

/** A link that slows its clients down when they and the moves want more than it carries. */
interface Link {
  readonly capacity: number
  readonly clients: number
  /** Whether anybody knows the capacity. */
  readonly isKnown: boolean
}

const readingOf = ({ capacity, clients, isKnown }: Link, rate: number): RateReading => ({
  spare: isKnown ? Math.max(0, capacity - clients) : null,
  pain: clients + rate > capacity ? 'brokers answer late' : null,
})

function follow(link: Link): readonly number[] {
  let state: RateState = startRate(readingOf(link, 0), BOUNDS)
  return Array.from({ length: INTERVALS }, () => {
    state = controlRate(state, readingOf(link, state.rate), BOUNDS).state
    return state.rate
  })
}

const links = fc
  .record({
    capacity: fc.integer({ min: 20e6, max: 180e6 }),
    share: fc.double({ min: 0, max: 0.8, noNaN: true }),
    isKnown: fc.boolean(),
  })
  .map(({ capacity, share, isKnown }) => ({ capacity, clients: capacity * share, isKnown }))

describe('an automatic throttle', () => {
  it('never leaves its bounds, whatever it is told', () => {
    const reading = fc.option(
      fc.record({
        spare: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
        pain: fc.option(fc.constant('it hurts')),
      }),
    )
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        let state = startRate(null, BOUNDS)
        for (const one of readings) {
          const earlier = state.rate
          const decision = controlRate(state, one, BOUNDS)
          state = decision.state
          expect(state.rate).toBeGreaterThanOrEqual(BOUNDS.min)
          expect(state.rate).toBeLessThanOrEqual(BOUNDS.max)
          if (state.rate !== earlier) expect(decision.why).not.toBeNull()
        }
      }),
    )
  })

  it('takes well over half of what a link can spare, and more than that never for long', () => {
    fc.assert(
      fc.property(links, (link) => {
        const spare = link.capacity - link.clients
        const settled = follow(link).slice(INTERVALS / 3)
        const mean = settled.reduce((sum, rate) => sum + rate, 0) / settled.length
        const tooMuch = settled.filter((rate) => rate > spare && rate > BOUNDS.min)
        expect(mean).toBeGreaterThan(0.6 * spare)
        expect(tooMuch.length / settled.length).toBeLessThan(0.3)
      }),
    )
  })

  it('gives way when clients need more, at once and below what is left', () => {
    const quiet = { capacity: 100e6, clients: 10e6, isKnown: true }
    let state = startRate(readingOf(quiet, 0), BOUNDS)
    expect(state.rate).toBeGreaterThan(60e6)
    const busy = { ...quiet, clients: 80e6 }
    const decision = controlRate(state, { ...readingOf(busy, 0), pain: null }, BOUNDS)
    state = decision.state
    expect(state.rate).toBeLessThan(20e6)
    expect(decision.why).toBe('clients need more of the busiest broker')
  })

  it('goes back to the least when the cluster cannot be measured, and says so once', () => {
    const state = { rate: 50e6, calm: 4, hurtAt: null }
    const lost = controlRate(state, null, BOUNDS)
    expect(lost).toMatchObject({
      state: { rate: BOUNDS.min },
      why: 'the cluster could not be measured',
    })
    expect(controlRate(lost.state, null, BOUNDS).why).toBeNull()
  })

  it('grows until something hurts where no limit is known', () => {
    const rates = follow({ capacity: 100e6, clients: 20e6, isKnown: false })
    expect(rates[0]).toBeLessThan(10e6)
    expect(Math.max(...rates)).toBeGreaterThan(60e6)
    expect(Math.max(...rates)).toBeLessThan(80e6 * 1.5)
  })
})
