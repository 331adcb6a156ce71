import { durationFlag } from './flags.js'
import { guardFlags, paceFlags } from './reassign-flags.js'
import { windowFlags } from './window-flags.js'

const ALERTS = 'ALERTS'

/** How a heal run paces itself and what it carries out, over what klinic.yaml says. */
export const healRunFlags = {
  ...guardFlags,
  throttle: paceFlags.throttle,
  'max-in-per-broker': paceFlags['max-in-per-broker'],
  'max-out-per-broker': paceFlags['max-out-per-broker'],
  'max-partitions': paceFlags['max-partitions'],
  'max-bytes-in-flight': paceFlags['max-bytes-in-flight'],
  for: paceFlags.for,
  patience: paceFlags.patience,
  'stall-timeout': paceFlags['stall-timeout'],
  'ignore-windows': windowFlags['ignore-windows'],
  'urp-alert-after': durationFlag({
    summary: 'under-replicated for longer than this is an alert of its own (default 2h)',
    helpGroup: ALERTS,
  }),
  'heal-cooldown': durationFlag({
    summary: 'time between two executions (default 10m)',
    helpGroup: ALERTS,
  }),
}
