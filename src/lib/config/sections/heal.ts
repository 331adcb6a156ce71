import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** How `heal run` paces itself between runs. */
export const heal = z
  .strictObject({
    cooldown: key(value.duration().prefault('10m'), {
      description:
        'time between two executions of heal run, so that a heal that does not help is not repeated',
      flag: 'heal-cooldown',
    }),
    urpAlertAfter: key(value.duration().prefault('2h'), {
      description: 'under-replicated for longer than this is an alert of its own',
      flag: 'urp-alert-after',
    }),
  })
  .prefault({})
