import { describe, expect, it } from 'vitest'

import { autoThrottle } from '../../../src/lib/cli/auto-throttle.js'
import { resolveSettings } from '../../../src/lib/config/settings.js'

describe('what an automatic throttle takes brokers to carry', () => {
  const settings = resolveSettings({
    env: {},
    cluster: {
      capacity: { in: '100MB/s', brokers: { 3: { in: '50MB/s' } } },
      policy: { limit: '80%' },
    },
  })

  it('is what the file says of all brokers and of single ones, times the share that may be used', () => {
    expect(autoThrottle({}, settings).limits).toEqual({
      all: { in: 80e6 },
      brokers: { 3: { in: 40e6 } },
    })
  })

  it('is what the command line says before what the file says, for single brokers too', () => {
    expect(autoThrottle({ 'in-limit': 10e6 }, settings).limits).toEqual({
      all: { in: 8e6 },
      brokers: { 3: { in: 8e6 } },
    })
  })
})
