import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** Names of the topics that Klinic keeps its own records in. */
export const topics = z
  .strictObject({
    stats: key(value.topicName().prefault('klinic.stats'), {
      description: 'topic of the traffic samples',
      flag: 'stats-topic',
    }),
    actions: key(value.topicName().prefault('klinic.actions'), {
      description: 'topic of the action log',
      flag: 'actions-topic',
    }),
    state: key(value.topicName().prefault('klinic.state'), {
      description: 'compacted topic of maintenance, cooldowns, first-seen times and alerts sent',
      flag: 'state-topic',
    }),
  })
  .prefault({})
