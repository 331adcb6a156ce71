import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** How `broker replace` replaces a broker. */
export const replace = z
  .strictObject({
    command: key(z.array(z.string().min(1)).min(1).optional(), {
      description:
        'program and arguments that replace a broker (no shell); it finds KLINIC_* in its environment',
      example: ['/opt/ops/replace-broker', '--yes'],
    }),
    timeout: key(value.duration().prefault('30m'), {
      description: 'longest run of that program; then it is ended and a person has to look',
      flag: 'script-timeout',
    }),
    cooldown: key(value.duration().prefault('12h'), {
      description: 'time between two replacements in one cluster',
      flag: 'replace-cooldown',
    }),
  })
  .prefault({})
