import type { Settings } from '../config/settings.js'
import type { BatchLimits } from '../execution/reassign/next-moves.js'
import type { GivenSettings, RecordedOptions } from '../execution/reassign/recorded-options.js'
import { recordedAuto } from '../execution/reassign/throttle/auto/recorded-auto.js'
import { autoThrottle } from './auto-throttle.js'
import type { PaceValues } from './reassign-flags.js'
import { throttleSettings } from './throttle-flags.js'

type Configured = Pick<Settings, 'capacity' | 'policy'>

/** What flags say of the pace of an execution that goes on; whatever they do not name stays as its journal has it. */
export function givenSettings(
  flags: PaceValues,
  configured: Configured,
  recorded: RecordedOptions,
): GivenSettings {
  return {
    ...givenThrottle(flags, configured, recorded),
    ...(flags.patience !== undefined && { patienceMs: flags.patience }),
    ...(flags['stall-timeout'] !== undefined && { stallMs: flags['stall-timeout'] }),
    ...(flags['on-trouble'] !== undefined && { onTrouble: flags['on-trouble'] }),
    limits: givenLimits(flags),
  }
}

function givenLimits(flags: PaceValues): Partial<BatchLimits> {
  const named = {
    inPerBroker: flags['max-in-per-broker'],
    outPerBroker: flags['max-out-per-broker'],
    partitions: flags['max-partitions'],
    bytes: flags['max-bytes-in-flight'],
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

/** `--throttle` replaces the throttle whole, rate and bounds; bounds alone change those of one that is automatic. */
function givenThrottle(
  flags: PaceValues,
  configured: Configured,
  recorded: RecordedOptions,
): GivenSettings {
  if (flags.throttle !== undefined) {
    const { throttleBytesPerSec, autoThrottle: auto } = throttleSettings(flags, configured)
    return { throttleBytesPerSec, autoThrottle: auto }
  }
  const before = recordedAuto(recorded['autoThrottle'])
  const { 'throttle-min': min, 'throttle-max': max, 'in-limit': into, 'out-limit': out } = flags
  if (before === undefined || [min, max, into, out].every((value) => value === undefined)) return {}
  const bounds = { 'throttle-min': min ?? before.min, 'throttle-max': max ?? before.max }
  const fresh = autoThrottle({ ...flags, ...bounds }, configured)
  const isLimited = into !== undefined || out !== undefined
  const auto = isLimited ? fresh : { ...fresh, limits: before.limits }
  return { throttleBytesPerSec: auto.min, autoThrottle: auto }
}
