import { custom } from '@oclif/core/flags'

import { parseDurationMs } from '../units/parse-quantity.js'

/** A duration in milliseconds; a bare number counts seconds, as kafka_roller has it: `--healthcheck-wait 30`. */
export const secondsFlag = custom<number>({
  parse: (input) => {
    const value = /^\d{1,6}$/.test(input) ? Number(input) * 1000 : parseDurationMs(input)
    if (value !== null) return Promise.resolve(value)
    throw new Error(`expected seconds, or a duration such as 30s, got ${JSON.stringify(input)}`)
  },
})

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** A moment with its time zone, as Unix milliseconds: `2026-11-21T14:00Z`. */
export const momentFlag = custom<number>({
  parse: (input) => {
    const value = ISO.test(input) ? Date.parse(input) : Number.NaN
    if (!Number.isNaN(value)) return Promise.resolve(value)
    throw new Error(`expected a time such as 2026-11-21T14:00Z, got ${JSON.stringify(input)}`)
  },
})
