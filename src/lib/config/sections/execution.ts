import { z } from 'zod'

import { parseClock, parseDays, type TimeWindow } from '../../units/windows/time-window.js'
import { timeZoneProblem } from '../../units/windows/time-zone.js'
import { key } from './key.js'

const days = z
  .array(
    z.string().refine((text) => parseDays(text) !== null, 'expected days such as mon or mon-fri'),
  )
  .min(1)

const time = (latest: number, what: string) =>
  z.string('expected a time in quotes, such as "22:00"').refine((text) => {
    const minutes = parseClock(text)
    return minutes !== null && minutes <= latest
  }, what)

const timezone = z.string().superRefine((name, context) => {
  const problem = timeZoneProblem(name)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})

const window = z
  .strictObject({
    days,
    from: time(1439, 'expected a time from 00:00 to 23:59'),
    to: time(1440, 'expected a time from 00:00 to 24:00'),
    timezone,
  })
  .transform((entry): TimeWindow => ({
    days: [...new Set(entry.days.flatMap((text) => parseDays(text) ?? []))].sort((a, b) => a - b),
    fromMinutes: parseClock(entry.from) ?? 0,
    toMinutes: parseClock(entry.to) ?? 0,
    timezone: entry.timezone,
  }))

/** How plans are carried out. */
export const execution = z
  .strictObject({
    windows: key(z.array(window).min(1).optional(), {
      description: 'when plans may be carried out; `days` are those on which a window begins',
      example: [{ days: ['mon-fri'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }],
    }),
  })
  .prefault({})
