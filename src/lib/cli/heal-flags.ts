import { boolean } from '@oclif/core/flags'

import { durationFlag, wholeNumberFlag } from './flags.js'
import { targetFlags } from './target-flags.js'

/** What may be healed, and where it may go: the same for a plan and for a run. */
export const healFlags = {
  ...targetFlags,
  'only-confident': boolean({
    summary: 'heal what is explained, leave the rest alone',
    default: false,
  }),
  'max-dead': wholeNumberFlag({
    summary: 'more dead brokers than this are a network problem (default 1, or 10 % of them)',
  }),
  'min-dead-for': durationFlag({
    summary: 'how long a broker must be gone before it counts as dead (default 10m)',
  }),
  'treat-hung-as-dead': boolean({
    summary: 'heal a broker that hangs (holds its port and answers nothing), too',
    default: false,
  }),
  'min-replication-factor': wholeNumberFlag({
    summary: 'raise partitions with fewer replicas than this',
  }),
}
