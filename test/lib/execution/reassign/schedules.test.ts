import fc from 'fast-check'
import { describe, it } from 'vitest'

import { checkLeadersBack } from './simulated/check-leaders.js'
import { checkCancel, checkExecution, schedule } from './simulated/schedules.js'

/** Enough to be had with every change; `npm run simulate` runs through as many as it is told. */
const RUNS = 250
const WITHIN_MS = 180_000

describe('an execution under lost answers, kills, outages and deleted topics', () => {
  it(
    'makes every move, gives every throttle back, and does nothing that it has not written down',
    () => fc.assert(fc.asyncProperty(schedule, checkExecution), { numRuns: RUNS }),
    WITHIN_MS,
  )

  it(
    'takes every move back that it cancels, in order, and gives every throttle back',
    () =>
      fc.assert(fc.asyncProperty(schedule, fc.integer({ min: 1, max: 25 }), checkCancel), {
        numRuns: RUNS,
      }),
    WITHIN_MS,
  )

  it(
    'brings every list and every leader back, also one that was not the first of its list',
    () => fc.assert(fc.asyncProperty(schedule, checkLeadersBack), { numRuns: 100 }),
    WITHIN_MS,
  )
})
