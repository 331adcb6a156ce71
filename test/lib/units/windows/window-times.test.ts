import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  parseClock,
  parseDays,
  type TimeWindow,
} from '../../../../src/lib/units/windows/time-window.js'
import { isTimeZone, timeZoneProblem } from '../../../../src/lib/units/windows/time-zone.js'
import {
  nextOpening,
  nextTimeOfDay,
  openUntil,
} from '../../../../src/lib/units/windows/window-times.js'

const BERLIN = 'Europe/Berlin'
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const MINUTE = 60_000

const clock = (text: string): number => parseClock(text)!
const window = (days: string, from: string, to: string, timezone = BERLIN): TimeWindow => ({
  days: parseDays(days)!,
  fromMinutes: clock(from),
  toMinutes: clock(to),
  timezone,
})
const iso = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString()
const at = (text: string): number => Date.parse(text)

describe('windows on ordinary nights', () => {
  const nights = [window('mon-fri', '22:00', '06:00')]

  it('are open over midnight, and the night of Friday ends on Saturday', () => {
    expect(iso(openUntil(nights, at('2026-11-18T23:30+01:00')))).toBe('2026-11-19T05:00:00.000Z')
    expect(iso(openUntil(nights, at('2026-11-21T05:59+01:00')))).toBe('2026-11-21T05:00:00.000Z')
    expect(openUntil(nights, at('2026-11-21T06:00+01:00'))).toBeNull()
  })

  it('are closed by day and at weekends, and tell when the next one opens', () => {
    expect(openUntil(nights, at('2026-11-18T12:00+01:00'))).toBeNull()
    expect(iso(nextOpening(nights, at('2026-11-18T12:00+01:00')))).toBe('2026-11-18T21:00:00.000Z')
    expect(iso(nextOpening(nights, at('2026-11-21T07:00+01:00')))).toBe('2026-11-23T21:00:00.000Z')
  })

  it('that touch each other are one', () => {
    const both = [window('sat', '08:00', '12:00'), window('sat', '12:00', '24:00')]
    expect(iso(openUntil(both, at('2026-11-21T09:00+01:00')))).toBe('2026-11-21T23:00:00.000Z')
  })

  it('last a whole day when they end at the time at which they begin', () => {
    const whole = [window('sun', '00:00', '00:00')]
    expect(iso(openUntil(whole, at('2026-11-22T13:00+01:00')))).toBe('2026-11-22T23:00:00.000Z')
  })

  it('of every day of the week have an end beyond a week', () => {
    const always = [window('mon-sun', '00:00', '24:00')]
    const now = at('2026-11-22T13:00Z')
    expect(openUntil(always, now)! - now).toBeGreaterThan(7 * 24 * 60 * MINUTE)
  })
})

describe('windows in the nights in which the clocks change', () => {
  const night = [window('sat', '22:00', '06:00')]

  it('last seven hours in spring', () => {
    const opens = nextOpening(night, at('2026-03-28T12:00+01:00'))!
    expect(iso(opens)).toBe('2026-03-28T21:00:00.000Z')
    expect(iso(openUntil(night, opens))).toBe('2026-03-29T04:00:00.000Z')
  })

  it('last nine hours in autumn', () => {
    const opens = nextOpening(night, at('2026-10-24T12:00+02:00'))!
    expect(iso(opens)).toBe('2026-10-24T20:00:00.000Z')
    expect(iso(openUntil(night, opens))).toBe('2026-10-25T05:00:00.000Z')
  })

  it('begin when the clock jumps, if they were to begin in the hour that is left out', () => {
    const early = [window('sun', '02:30', '05:00')]
    expect(iso(nextOpening(early, at('2026-03-29T00:00+01:00')))).toBe('2026-03-29T01:00:00.000Z')
  })

  it('are left out when they lie in the hour that is left out', () => {
    const lost = [window('sun', '02:15', '02:45')]
    expect(iso(nextOpening(lost, at('2026-03-29T00:00+01:00')))).toBe('2026-04-05T00:15:00.000Z')
  })

  it('end the first time that the clock shows their end, when it comes twice', () => {
    const early = [window('sun', '00:00', '02:30')]
    expect(iso(openUntil(early, at('2026-10-25T01:00+02:00')))).toBe('2026-10-25T00:30:00.000Z')
    expect(openUntil(early, at('2026-10-25T02:15+01:00'))).toBeNull()
  })

  it('follow zones that change by half an hour', () => {
    const lordHowe = [window('sat-sun', '22:00', '06:00', 'Australia/Lord_Howe')]
    const opens = nextOpening(lordHowe, at('2026-10-03T00:00Z'))!
    expect((openUntil(lordHowe, opens)! - opens) / MINUTE).toBe(7.5 * 60)
  })
})

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const numeric = 'numeric'
  const date = { year: numeric, month: numeric, day: numeric } as const
  const time = { hour: numeric, minute: numeric, hourCycle: 'h23' } as const
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, ...date, ...time })
  formats.set(timeZone, format)
  return format
}

/** What the clock of a zone shows, by another way than the one under test. */
function shown(
  moment: number,
  timezone: string,
): { readonly day: number; readonly minutes: number } {
  const parts = formatOf(timezone).formatToParts(moment)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return {
    day: Date.UTC(of('year'), of('month') - 1, of('day')),
    minutes: of('hour') * 60 + of('minute'),
  }
}

/** Minute by minute: the first at which the clock has come to a time of a date. */
function firstReached(
  minutesOfDay: readonly {
    readonly moment: number
    readonly day: number
    readonly minutes: number
  }[],
  day: number,
  minutes: number,
): number {
  const whole = day + minutes * MINUTE
  return minutesOfDay.find((one) => one.day + one.minutes * MINUTE >= whole)!.moment
}

describe('windows over both changes of the year', () => {
  const nights = fc.constantFrom(
    [BERLIN, at('2026-03-28T00:00Z')] as const,
    [BERLIN, at('2026-10-24T00:00Z')] as const,
    ['America/New_York', at('2026-03-07T00:00Z')] as const,
    ['America/New_York', at('2026-10-31T00:00Z')] as const,
    ['Australia/Lord_Howe', at('2026-04-04T00:00Z')] as const,
    ['Africa/Cairo', at('2026-04-23T00:00Z')] as const,
    ['UTC', at('2026-03-28T00:00Z')] as const,
  )

  it('open and close at the first moment at which the clock shows their times, as a scan by minutes finds', () => {
    const scans = new Map<string, ReturnType<typeof scan>>()
    const scan = (timezone: string, start: number) =>
      Array.from({ length: 4 * 1440 }, (_, index) => {
        const moment = start - 1440 * MINUTE + index * MINUTE
        return { moment, ...shown(moment, timezone) }
      })
    fc.assert(
      fc.property(
        nights,
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1440 }),
        fc.integer({ min: 0, max: 2 * 1440 - 1 }),
        ([timezone, start], fromMinutes, toMinutes, later) => {
          const id = `${timezone} ${start}`
          const minutes = scans.get(id) ?? scan(timezone, start)
          scans.set(id, minutes)
          const moment = start + later * MINUTE
          const { day } = shown(moment, timezone)
          const isOpen = [-1, 0].some((offset) => {
            const first = day + offset * 1440 * MINUTE
            const last = toMinutes > fromMinutes ? first : first + 1440 * MINUTE
            const opens = firstReached(minutes, first, fromMinutes)
            return opens <= moment && moment < firstReached(minutes, last, toMinutes)
          })
          const windows = [{ days: EVERY_DAY, fromMinutes, toMinutes, timezone }]
          expect(openUntil(windows, moment) !== null).toBe(isOpen)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('are open from each opening on, and not a millisecond before', () => {
    fc.assert(
      fc.property(
        nights,
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 0, max: 2 * 86_400_000 }),
        ([timezone, start], fromMinutes, length, later) => {
          const toMinutes = (fromMinutes + length) % 1440
          const windows = [{ days: EVERY_DAY, fromMinutes, toMinutes, timezone }]
          const opens = nextOpening(windows, start + later)!
          expect(openUntil(windows, opens)).toBeGreaterThan(opens)
          expect(openUntil(windows, opens - 1)).toBeNull()
        },
      ),
    )
  })
})

describe('--until 06:00', () => {
  it('is the next morning, and today when it is still early', () => {
    const six = clock('06:00')
    expect(iso(nextTimeOfDay(six, BERLIN, at('2026-11-21T22:00+01:00')))).toBe(
      '2026-11-22T05:00:00.000Z',
    )
    expect(iso(nextTimeOfDay(six, BERLIN, at('2026-11-21T05:59:59+01:00')))).toBe(
      '2026-11-21T05:00:00.000Z',
    )
    expect(iso(nextTimeOfDay(six, BERLIN, at('2026-11-21T06:00+01:00')))).toBe(
      '2026-11-22T05:00:00.000Z',
    )
  })
})

describe('what is written of windows', () => {
  it.each([
    ['mon', [1]],
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['Fri-Mon', [1, 5, 6, 7]],
    ['sun-sun', [7]],
    ['monday', null],
    ['mon-', null],
    ['mon-tue-wed', null],
  ])('days %s', (text, days) => expect(parseDays(text)).toEqual(days))

  it.each([
    ['00:00', 0],
    ['6:05', 365],
    ['24:00', 1440],
    ['24:01', null],
    ['06:60', null],
    ['6', null],
    ['-1:00', null],
  ])('time %s', (text, minutes) => expect(parseClock(text)).toBe(minutes))

  it('names the zone that was probably meant', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true)
    expect(isTimeZone('UTC')).toBe(true)
    expect(timeZoneProblem('Europe/Berln')).toContain('did you mean Europe/Berlin?')
    expect(timeZoneProblem('Mars/Olympus_Mons_North')).toContain('such as Europe/Berlin')
    expect(isTimeZone('../etc/passwd')).toBe(false)
  })
})
