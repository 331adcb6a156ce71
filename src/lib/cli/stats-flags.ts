import { custom, string } from '@oclif/core/flags'

import { durationFlag } from './flags.js'

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** A moment, in ms since the epoch: `2026-11-21T14:00Z`. A time of day needs its zone; a date alone is UTC. */
export const timeFlag = custom<number>({
  parse: (input) => {
    const ms = ISO.test(input) ? Date.parse(input) : NaN
    if (Number.isNaN(ms))
      throw new Error(
        `expected a time such as 2026-11-21T14:00Z, with its zone, got ${JSON.stringify(input)}`,
      )
    return Promise.resolve(ms)
  },
})

/** Which window of samples counts, and which statistic over its 15-minute means. */
export const windowFlags = {
  window: durationFlag({ summary: 'how far back samples count, up to 48h (default 24h)' }),
  statistic: string({
    summary: 'statistic over the 15-minute means of the window (default max)',
    options: ['max', 'p95', 'mean'],
  }),
}
