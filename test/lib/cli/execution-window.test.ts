import { describe, expect, it } from 'vitest'

import { scheduleOf, scheduleOrRefuse } from '../../../src/lib/cli/execution-window.js'
import { resolveSettings } from '../../../src/lib/config/settings.js'

const NIGHTS = {
  windows: [{ days: ['mon-fri'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }],
}

function contextAt(time: string, execution: object = NIGHTS) {
  const settings = resolveSettings({ env: {}, cluster: { execution } })
  const clock = { nowMs: () => Date.parse(time), sleep: () => Promise.resolve() }
  return { settings, clock }
}

const iso = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString()

const BY_NIGHT = '2026-11-18T23:00+01:00'
const BY_DAY = '2026-11-18T12:00+01:00'

describe('windows of klinic.yaml', () => {
  it('end a run when they close', async () => {
    const { until, guards } = await scheduleOf(contextAt(BY_NIGHT), {})
    expect(iso(until?.atMs)).toBe('2026-11-19T05:00:00.000Z')
    expect(guards).toEqual([])
  })

  it('forbid a run by day, and say in the words of the file when the next one opens', async () => {
    const { guards } = await scheduleOf(contextAt(BY_DAY), {})
    expect(guards).toMatchObject([
      { code: 'OUTSIDE_WINDOW', exit: 'tryLater', lift: 'ignore-windows' },
    ])
    expect(guards[0]?.message).toContain('opens Wed 2026-11-18 22:00 Europe/Berlin')
    await expect(scheduleOrRefuse(contextAt(BY_DAY), {})).rejects.toMatchObject({
      code: 'OUTSIDE_WINDOW',
      exit: 'tryLater',
    })
  })

  it('neither forbid nor end a run that ignores them', async () => {
    const flags = { 'ignore-windows': true }
    expect(await scheduleOrRefuse(contextAt(BY_DAY), flags)).toBeUndefined()
    expect(await scheduleOrRefuse(contextAt(BY_NIGHT), flags)).toBeUndefined()
  })

  it('end a run later than --until, which counts then', async () => {
    const flags = { until: { minutes: 4 * 60 }, timezone: 'Europe/Berlin' }
    expect(iso((await scheduleOf(contextAt(BY_NIGHT), flags)).until?.atMs)).toBe(
      '2026-11-19T03:00:00.000Z',
    )
    const later = { until: { minutes: 8 * 60 }, timezone: 'Europe/Berlin' }
    expect(iso((await scheduleOf(contextAt(BY_NIGHT), later)).until?.atMs)).toBe(
      '2026-11-19T05:00:00.000Z',
    )
  })

  it('refuse a moment for --until that is past', async () => {
    const flags = { until: { atMs: Date.parse('2026-11-18T00:00Z') } }
    await expect(scheduleOf(contextAt(BY_NIGHT), flags)).rejects.toMatchObject({
      code: 'UNTIL_IS_PAST',
      exit: 'usage',
    })
  })

  it('do not concern whoever has none', async () => {
    expect(await scheduleOf(contextAt(BY_DAY, {}), {})).toEqual({ until: undefined, guards: [] })
  })
})

describe('what klinic.yaml may say of windows', () => {
  const refused = (window: object): string => {
    try {
      contextAt(BY_DAY, { windows: [{ ...NIGHTS.windows[0], ...window }] })
    } catch (error) {
      return String(error)
    }
    return 'accepted'
  }

  it.each([
    [{ timezone: 'Europe/Berln' }, 'did you mean Europe/Berlin?'],
    [{ days: ['monday'] }, 'expected days such as mon or mon-fri'],
    [{ days: [] }, 'days'],
    [{ from: '24:00' }, 'expected a time from 00:00 to 23:59'],
    [{ to: '25:00' }, 'expected a time from 00:00 to 24:00'],
    [{ until: '06:00' }, 'until'],
  ])('not %j', (window, text) => {
    expect(refused(window)).toContain(text)
  })

  it('days in lists and ranges, and the end of the day', () => {
    expect(refused({ days: ['mon-wed', 'sat'], to: '24:00' })).toBe('accepted')
  })
})
