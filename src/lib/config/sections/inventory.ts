import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** Where brokers run, as SSH reaches them. */
export const inventory = z
  .strictObject({
    hosts: key(
      z.record(z.string().regex(/^\d{1,9}$/, 'expected a broker id'), value.text()).optional(),
      {
        description:
          '[USER@]HOST[:PORT] by broker id (default: advertised hosts; a file: --inventory)',
        example: { '1': 'kafka-1', '2': 'klinic@kafka-2:2222' },
      },
    ),
  })
  .prefault({})
