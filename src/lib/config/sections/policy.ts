import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** What plans may do and when they act. */
export const policy = z
  .strictObject({
    limit: key(value.share().prefault('100%'), {
      description: 'share of each capacity that may be used',
      flag: 'limit',
    }),
    band: key(value.shareOrOff().prefault('10%'), {
      description: 'distance from the mean utilisation that counts as balanced, or off',
      flag: 'band',
    }),
    resources: key(
      value.list(z.enum(['in', 'out', 'disk', 'leaders', 'replicas'])).prefault(['in', 'out']),
      { description: 'what is balanced', flag: 'resources' },
    ),
    rackPolicy: key(z.enum(['spread', 'strict', 'even']).prefault('spread'), {
      description: 'how replicas spread over racks: spread (never worse than now), strict, even',
      flag: 'rack-policy',
    }),
    window: key(value.duration().prefault('24h'), {
      description: 'how far back traffic counts (up to 48h)',
      flag: 'window',
    }),
    statistic: key(z.enum(['max', 'p95', 'mean']).prefault('max'), {
      description: 'statistic over the 15-minute means of the window',
      flag: 'statistic',
    }),
    excludeTopics: key(value.regularExpression().optional(), {
      description: 'regular expression: topics that are never moved',
      example: '^audit\\.',
      flag: 'exclude-topics',
    }),
    excludeBrokers: key(value.list(value.brokerId()).optional(), {
      description: 'brokers that are given nothing',
      example: [7],
      flag: 'exclude-brokers',
    }),
    minReplicationFactor: key(value.count().optional(), {
      description: 'heal raises topics below this replication factor',
      example: 3,
      flag: 'min-replication-factor',
    }),
    minDeadFor: key(value.duration().prefault('10m'), {
      description: 'how long a broker must be gone before it counts as dead',
      flag: 'min-dead-for',
    }),
    maxDead: key(value.count().optional(), {
      description:
        'more dead brokers than this are a network problem (default: one, or 10 % of the brokers)',
      example: 2,
      flag: 'max-dead',
    }),
    throttle: key(value.throttle().prefault('50MB/s'), {
      description:
        'replication throttle for each broker and direction, auto (what brokers can spare) or none',
      flag: 'throttle',
    }),
  })
  .prefault({})
