import { custom } from '@oclif/core/flags'

import { parseDurationMs } from '../units/parse-quantity.js'
import { parseClock } from '../units/windows/time-window.js'
import { brokerIdsFlag } from './list-flags.js'

/** An end as it was given: after a time, at the next such time of the day, or at a moment. */
export type MaintenanceEnd =
  { readonly afterMs: number } | { readonly minutes: number } | { readonly atMs: number }

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

function parseEnd(text: string): MaintenanceEnd | null {
  const minutes = parseClock(text)
  if (minutes !== null) return { minutes }
  const afterMs = parseDurationMs(text)
  if (afterMs !== null) return { afterMs }
  const atMs = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? null : { atMs }
}

/** `--until 2h`, `--until 06:00`, `--until 2026-11-22T06:00+01:00`. */
export const maintenanceEndFlag = custom<MaintenanceEnd>({
  parse: (input) => {
    const end = parseEnd(input)
    if (end !== null) return Promise.resolve(end)
    throw new Error(
      `expected an end such as 2h, 06:00 or 2026-11-22T06:00+01:00, got ${JSON.stringify(input)}`,
    )
  },
})

/** Which brokers; none means the whole cluster. */
export const maintainedFlag = {
  brokers: brokerIdsFlag({ summary: 'these brokers (default: the whole cluster)' }),
}
