import { setTimeout as sleep } from 'node:timers/promises'

import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import type { ClusterMetadata } from '../../src/lib/ports/cluster-reader.js'
import type { KafkaConnection } from '../../src/lib/ports/connection.js'
import type { Lab } from '../lab/index.js'

const DEADLINE_MS = 90_000
const LOOKS = 5
const BETWEEN_MS = 500

/**
 * Brokers learn of a change one after another, and a session that expired ends before it begins anew: waits until each
 * broker that runs has said so, for two seconds, and gives back what one of them said last.
 */
export async function everyBrokerSays(
  lab: Lab,
  connection: KafkaConnection,
  ready: (metadata: ClusterMetadata) => boolean,
): Promise<ClusterMetadata> {
  const deadlineMs = performance.now() + DEADLINE_MS
  let looks = 0
  while (performance.now() < deadlineMs) {
    const running = lab.brokers.filter(({ state }) => state === 'running')
    const views = await Promise.all(
      running.map(({ host, port }) =>
        metadataFrom({ ...connection, bootstrapServers: [`${host}:${port}`] }),
      ),
    )
    looks = views.every(ready) ? looks + 1 : 0
    const [first] = views
    if (first !== undefined && looks >= LOOKS) return first
    await sleep(BETWEEN_MS)
  }
  throw new Error('the cluster did not notice')
}

async function metadataFrom(connection: KafkaConnection): Promise<ClusterMetadata> {
  const reader = await openKafkaReader(connection)
  try {
    return await reader.readMetadata()
  } finally {
    await reader.close()
  }
}
