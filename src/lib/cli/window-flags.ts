import { boolean, custom } from '@oclif/core/flags'

import { parseClock } from '../units/windows/time-window.js'
import { timeZoneProblem } from '../units/windows/time-zone.js'

const PACE = 'PACE'

/** `06:00`, the next one; or a moment. */
export type TimeOfDay = { readonly minutes: number } | { readonly atMs: number }

const untilFlag = custom<TimeOfDay>({
  parse: (input) => {
    const minutes = parseClock(input)
    if (minutes !== null) return Promise.resolve({ minutes })
    const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(input)
    const atMs = isMoment ? Date.parse(input) : Number.NaN
    if (!Number.isNaN(atMs)) return Promise.resolve({ atMs })
    throw new Error(
      `expected a time such as 06:00 or 2026-11-22T06:00+01:00, got ${JSON.stringify(input)}`,
    )
  },
})

const timezoneFlag = custom({
  parse: (input) => {
    const problem = timeZoneProblem(input)
    if (problem === null) return Promise.resolve(input)
    throw new Error(problem)
  },
})

/** Flags that say when a run ends, and that it may begin outside the windows of klinic.yaml. */
export const windowFlags = {
  until: untilFlag({
    summary: 'start nothing more after this time of the day; resume goes on with the rest',
    helpGroup: PACE,
  }),
  timezone: timezoneFlag({
    summary: 'time zone of --until (default: that of this host)',
    helpGroup: PACE,
  }),
  'ignore-windows': boolean({
    summary: 'start although no window of klinic.yaml is open',
    helpGroup: 'GUARDS (each is recorded when it is lifted)',
  }),
}

/** The part of the flags that is remembered with an execution. */
export const windowChoice = (flags: WindowValues): { readonly ignoresWindows?: true } =>
  flags['ignore-windows'] === true ? { ignoresWindows: true } : {}

/** Values of {@link windowFlags} as a command got them. */
export interface WindowValues {
  readonly until?: TimeOfDay | undefined
  readonly timezone?: string | undefined
  readonly 'ignore-windows'?: boolean | undefined
}
