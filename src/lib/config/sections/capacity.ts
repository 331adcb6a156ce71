import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

const perBroker = {
  in: key(value.rate().optional(), {
    description: 'bytes a broker can take in',
    example: '100MB/s',
    flag: 'in-limit',
  }),
  out: key(value.rate().optional(), {
    description: 'bytes a broker can send',
    example: '200MB/s',
    flag: 'out-limit',
  }),
  disk: key(value.bytes().optional(), {
    description: 'bytes a broker can store (default: what the broker reports)',
    example: '4TB',
    flag: 'disk-limit',
  }),
}

/** What a broker can carry, for all and for those that differ. */
export const capacity = z
  .strictObject({
    ...perBroker,
    brokers: key(
      z
        .record(z.string().regex(/^\d{1,9}$/, 'expected a broker id'), z.strictObject(perBroker))
        .optional(),
      { description: 'brokers that differ, by id', example: { '3': { in: '50MB/s' } } },
    ),
  })
  .prefault({})
