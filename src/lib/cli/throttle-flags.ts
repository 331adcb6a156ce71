import { custom } from '@oclif/core/flags'

import type { Settings } from '../config/settings.js'
import type { RunSettings } from '../execution/reassign/run-types.js'
import { MINIMUM_RATE } from '../execution/reassign/throttle/entries.js'
import { parseBytes, parseBytesPerSec } from '../units/parse-quantity.js'
import { autoThrottle, DEFAULT_BOUNDS, type AutoValues } from './auto-throttle.js'
import { capacityRateFlag } from './list-flags.js'

const PACE = 'PACE'

function parseRate(input: string, words: string): number {
  const rate = parseBytesPerSec(input) ?? parseBytes(input)
  if (rate !== null && rate >= MINIMUM_RATE) return rate
  const least = `${MINIMUM_RATE / 1e6}MB`
  throw new Error(
    `expected ${words}a rate of at least ${least}, such as 50MB/s, got ${JSON.stringify(input)}`,
  )
}

/** `--throttle 50MB`, `auto`, or `none`. */
const throttleFlag = custom<number | 'none' | 'auto'>({
  parse: (input) => {
    if (input === 'none' || input === 'auto') return Promise.resolve(input)
    return Promise.resolve(parseRate(input, 'auto, none or '))
  },
})

/** `--throttle-min 5MB`. */
const boundFlag = custom<number>({ parse: (input) => Promise.resolve(parseRate(input, '')) })

/** How much replication may take from the network. */
export const throttleFlags = {
  throttle: throttleFlag({
    summary: 'replication throttle for each broker and direction, auto or none (default 50MB)',
    helpGroup: PACE,
  }),
  'throttle-min': boundFlag({
    summary: `least rate of --throttle auto (default ${DEFAULT_BOUNDS.min / 1e6}MB)`,
    helpGroup: PACE,
  }),
  'throttle-max': boundFlag({
    summary: `highest rate of --throttle auto (default ${DEFAULT_BOUNDS.max / 1e6}MB)`,
    helpGroup: PACE,
  }),
  'in-limit': capacityRateFlag({
    summary: 'what every broker can take in, for --throttle auto',
    helpGroup: PACE,
  }),
  'out-limit': capacityRateFlag({
    summary: 'what every broker can send, for --throttle auto',
    helpGroup: PACE,
  }),
}

/** Values of {@link throttleFlags}. */
export interface ThrottleValues extends AutoValues {
  readonly throttle?: number | 'none' | 'auto' | undefined
}

/** Flag, then file, then default. A throttle that follows the cluster starts with its least, then with what it measures. */
export function throttleSettings(
  flags: ThrottleValues,
  configured: Pick<Settings, 'capacity' | 'policy'>,
): Pick<RunSettings, 'throttleBytesPerSec' | 'autoThrottle'> {
  const throttle = flags.throttle ?? configured.policy.throttle
  if (throttle === 'none') return { throttleBytesPerSec: null }
  if (throttle !== 'auto') return { throttleBytesPerSec: Math.max(MINIMUM_RATE, throttle) }
  const auto = autoThrottle(flags, configured)
  return { throttleBytesPerSec: auto.min, autoThrottle: auto }
}
