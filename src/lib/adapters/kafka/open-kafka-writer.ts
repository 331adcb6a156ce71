import type { ClusterWriter } from '../../ports/cluster-writer.js'
import type { KafkaConnection } from '../../ports/connection.js'
import { openKafkaPool } from './pool/kafka-pool.js'
import { alterConfigs } from './writer/alter-configs.js'
import { createTopic } from './writer/create-topic.js'
import { electPreferredLeaders } from './writer/elect-preferred-leaders.js'
import { submitReassignments } from './writer/submit-reassignments.js'

/** The broker gives up a little before we do, so that it can still say so. */
const BROKER_SHARE = 0.8

/** Opens a writer; nothing is sent before its first call. */
export function openKafkaWriter(connection: KafkaConnection): ClusterWriter {
  const pool = openKafkaPool(connection)
  const timeout = { timeoutMs: Math.round(connection.requestTimeoutMs * BROKER_SHARE) }
  return {
    submitReassignments: (requests) => submitReassignments(pool, requests, timeout),
    electPreferredLeaders: (partitions) => electPreferredLeaders(pool, partitions, timeout),
    alterConfigs: (changes, options) =>
      alterConfigs(pool, changes, { validateOnly: options?.validateOnly ?? false }),
    createTopic: (topic) => createTopic(pool, topic, timeout),
    close: () => pool.close(),
  }
}
