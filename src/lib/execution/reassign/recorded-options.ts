import { z } from 'zod'

import type { JsonValue } from '../../plan/plan.js'
import type { BatchLimits } from './next-moves.js'
import type { RunSettings } from './run-types.js'
import { autoRecord, recordedAuto } from './throttle/auto/recorded-auto.js'

/** Options of an execution as its journal holds them. */
export type RecordedOptions = Readonly<Record<string, JsonValue>>

/** Settings that were given for one run, over those that an execution was begun with. */
export type GivenSettings = Partial<Omit<RunSettings, 'limits'>> & {
  readonly limits?: Partial<BatchLimits>
}

const count = z.number().positive()
const limits = z.object({
  inPerBroker: count.exactOptional(),
  outPerBroker: count.exactOptional(),
  partitions: count.exactOptional(),
  bytes: count.exactOptional(),
})
const throttle = z.number().nullable()
const duration = z.number().nonnegative()
const trouble = z.enum(['wait', 'stop'])

/** What an execution was approved with; what an older version did not write down is missing. */
export function recordedSettings(options: RecordedOptions): GivenSettings {
  const read = <T>(schema: z.ZodType<T>, name: string): T | undefined =>
    schema.safeParse(options[name]).data
  const throttleBytesPerSec = read(throttle, 'throttleBytesPerSec')
  const besideOthers = read(z.boolean(), 'besideOthers')
  const patienceMs = read(duration, 'patienceMs')
  const stallMs = read(duration, 'stallMs')
  const onTrouble = read(trouble, 'onTrouble')
  return {
    // One without the other would be another throttle than the one that was asked for.
    ...(throttleBytesPerSec !== undefined && {
      throttleBytesPerSec,
      autoThrottle: recordedAuto(options['autoThrottle']),
    }),
    ...(besideOthers !== undefined && { besideOthers }),
    ...(patienceMs !== undefined && { patienceMs }),
    ...(stallMs !== undefined && { stallMs }),
    ...(onTrouble !== undefined && { onTrouble }),
    limits: read(limits, 'limits') ?? {},
  }
}

/** Settings as they go into the journal at the start. */
export function recordOf(settings: RunSettings): RecordedOptions {
  const { throttleBytesPerSec, autoThrottle, besideOthers, patienceMs, stallMs } = settings
  return {
    throttleBytesPerSec,
    ...(autoThrottle !== undefined && { autoThrottle: autoRecord(autoThrottle) }),
    besideOthers,
    patienceMs,
    stallMs,
    ...(settings.onTrouble !== undefined && { onTrouble: settings.onTrouble }),
    limits: { ...settings.limits },
  }
}

/** Of settings, what was given again: it counts for whoever goes on after this. */
export function recordGiven(settings: RunSettings, given: GivenSettings): RecordedOptions {
  const all: RecordedOptions = { autoThrottle: null, ...recordOf(settings) }
  const isLimited = Object.keys(given.limits ?? {}).length > 0
  const names = new Set(Object.keys(given).filter((name) => name !== 'limits' || isLimited))
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}

/**
 * The settings of whoever goes on with an execution: what is given now, then what its journal holds, then `fallback`. The
 * throttle counts as a whole: a rate of now and the bounds of then would be neither of the two.
 */
export function settingsOf(
  options: RecordedOptions,
  fallback: RunSettings,
  given: GivenSettings,
): RunSettings {
  const recorded = recordedSettings(options)
  return {
    ...fallback,
    ...recorded,
    ...given,
    limits: { ...fallback.limits, ...recorded.limits, ...given.limits },
  }
}
