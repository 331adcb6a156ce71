import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** How long one answer may take. */
export const timeouts = z
  .strictObject({
    request: key(value.duration().prefault('5s'), {
      description: 'longest wait for one answer of a broker',
      flag: 'timeout',
    }),
    connect: key(value.duration().prefault('3s'), {
      description: 'longest wait for a connection',
    }),
  })
  .prefault({})
