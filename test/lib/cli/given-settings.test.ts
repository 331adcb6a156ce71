import { describe, expect, it } from 'vitest'

import { givenSettings } from '../../../src/lib/cli/given-settings.js'
import { runSettings, type PaceValues } from '../../../src/lib/cli/reassign-flags.js'
import { resolveSettings } from '../../../src/lib/config/settings.js'
import {
  recordGiven,
  recordOf,
  settingsOf,
  type RecordedOptions,
} from '../../../src/lib/execution/reassign/recorded-options.js'
import type { RunSettings } from '../../../src/lib/execution/reassign/run-types.js'

const configured = resolveSettings({ env: {} })
const begin = (flags: PaceValues): RecordedOptions =>
  recordOf(runSettings(flags, configured, new Set()))

/** What a resume of an execution with these options runs with, and the options of whoever comes after it. */
function resume(options: RecordedOptions, flags: PaceValues) {
  const given = givenSettings(flags, configured, options)
  const settings: RunSettings = settingsOf(
    options,
    runSettings(flags, configured, new Set()),
    given,
  )
  return { settings, options: { ...options, ...recordGiven(settings, given) } }
}

const THROTTLES = { fixed: 30e6, auto: 'auto', none: 'none' } as const
const AGAIN = { fixed: 20e6, auto: 'auto', none: 'none' } as const
const expected = (throttle: number | 'auto' | 'none', flags: PaceValues = {}) =>
  runSettings({ ...flags, throttle }, configured, new Set())

describe('the throttle of a resume', () => {
  for (const begun of ['fixed', 'auto', 'none'] as const) {
    it(`stays ${begun} where nothing is said, as it was begun`, () => {
      const { settings } = resume(begin({ throttle: THROTTLES[begun] }), {})
      const { throttleBytesPerSec, autoThrottle } = expected(THROTTLES[begun])
      expect(settings).toMatchObject({ throttleBytesPerSec })
      expect(settings.autoThrottle).toEqual(autoThrottle)
    })

    for (const now of ['fixed', 'auto', 'none'] as const) {
      it(`is ${now} as given, after a start with ${begun}, now and for whoever goes on after that`, () => {
        const first = resume(begin({ throttle: THROTTLES[begun] }), { throttle: AGAIN[now] })
        const later = resume(first.options, {})
        for (const { settings } of [first, later]) {
          const { throttleBytesPerSec, autoThrottle } = expected(AGAIN[now])
          expect(settings.throttleBytesPerSec).toBe(throttleBytesPerSec)
          expect(settings.autoThrottle).toEqual(autoThrottle)
        }
      })
    }
  }

  it('keeps the bounds of an automatic one, and changes only those that are given', () => {
    const begun = begin({ throttle: 'auto', 'throttle-max': 80e6, 'in-limit': 100e6 })
    const { settings } = resume(begun, { 'throttle-min': 10e6 })
    expect(settings).toMatchObject({
      throttleBytesPerSec: 10e6,
      autoThrottle: {
        min: 10e6,
        max: 80e6,
        limits: { all: { in: 100e6 * configured.policy.limit } },
      },
    })
    expect(resume(begin({ throttle: 30e6 }), { 'throttle-min': 10e6 }).settings).toMatchObject({
      throttleBytesPerSec: 30e6,
      autoThrottle: undefined,
    })
  })
})

describe('the pace of a resume', () => {
  const flags: PaceValues = {
    'max-in-per-broker': 1,
    'max-out-per-broker': 2,
    'max-partitions': 3,
    'max-bytes-in-flight': 4e9,
    patience: 5_000,
    'stall-timeout': 6_000,
    'on-trouble': 'stop',
  }
  const approved = {
    limits: { inPerBroker: 1, outPerBroker: 2, partitions: 3, bytes: 4e9 },
    patienceMs: 5_000,
    stallMs: 6_000,
    onTrouble: 'stop',
  }

  it('is the one that the execution was approved with', () => {
    expect(resume(begin(flags), {}).settings).toMatchObject(approved)
  })

  it('heeds what is given again, keeps the rest, and hands both on to the next resume', () => {
    const first = resume(begin(flags), { 'max-partitions': 7, 'on-trouble': 'wait', patience: 9 })
    const now = {
      ...approved,
      limits: { ...approved.limits, partitions: 7 },
      onTrouble: 'wait',
      patienceMs: 9,
    }
    expect(first.settings).toMatchObject(now)
    expect(resume(first.options, {}).settings).toMatchObject(now)
    const second = resume(first.options, { 'max-in-per-broker': 8 })
    expect(second.settings.limits).toEqual({ ...now.limits, inPerBroker: 8 })
  })

  it('is what flags and defaults say where an older journal does not tell, or not in a way that is understood', () => {
    const fallback = runSettings({}, configured, new Set())
    expect(resume({}, {}).settings).toMatchObject(fallback)
    const odd = { limits: 'many', patienceMs: '5s', onTrouble: 'panic', throttleBytesPerSec: 'x' }
    expect(resume(odd, {}).settings).toMatchObject(fallback)
  })

  it('is written down only as far as it was given', () => {
    const options = begin({})
    const given = givenSettings({}, configured, options)
    expect(recordGiven(runSettings({}, configured, new Set()), given)).toEqual({})
  })
})
