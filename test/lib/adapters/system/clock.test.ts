import { beforeEach, describe, expect, it } from 'vitest'

import { anchorTime, systemClock } from '../../../../src/lib/adapters/system/clock.js'

const START = Date.UTC(2026, 10, 21, 3)
const TEN_MINUTES = 600_000

let wall = START
let elapsed = 1_234.5
let nowMs: () => number
const pass = (ms: number): void => {
  wall += ms
  elapsed += ms
}

beforeEach(() => {
  wall = START
  elapsed = 1_234.5
  nowMs = anchorTime(
    () => wall,
    () => elapsed,
  )
})

describe('the time of a process', () => {
  it('is the time of the day, in whole milliseconds', () => {
    expect(nowMs()).toBe(START)
    pass(1_500.25)
    expect(nowMs()).toBe(START + 1_500)
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(60_000)
    expect(Number.isInteger(systemClock.nowMs())).toBe(true)
  })

  it('goes on when the clock of the machine is set back: no wait lasts longer for it', () => {
    const deadline = nowMs() + 30_000
    wall -= TEN_MINUTES
    pass(29_000)
    expect(nowMs()).toBe(START + 29_000)
    pass(1_000)
    expect(nowMs()).toBeGreaterThanOrEqual(deadline)
  })

  it('follows the clock of the machine forward, as a window or --until wants it', () => {
    pass(1_000)
    wall += TEN_MINUTES
    expect(nowMs()).toBe(START + TEN_MINUTES + 1_000)
    pass(1_000)
    expect(nowMs()).toBe(START + TEN_MINUTES + 2_000)
  })

  it('never goes back, whatever the clock of the machine does', () => {
    let last = nowMs()
    for (const step of [-5, 3, -TEN_MINUTES, 7, TEN_MINUTES, -1, 0, TEN_MINUTES, -TEN_MINUTES]) {
      wall += step
      pass(0.4)
      expect(nowMs()).toBeGreaterThanOrEqual(last)
      last = nowMs()
    }
  })
})
