import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { KafkaConnection } from '../../ports/connection.js'
import { openKafkaPool } from './pool/kafka-pool.js'
import { LeaderDirectory } from './reader/leader-directory.js'
import { pingBroker } from './reader/ping-broker.js'
import { readAccess } from './reader/read-access.js'
import { readCommittedOffsets } from './reader/read-committed-offsets.js'
import { readConfigs } from './reader/read-configs.js'
import { readGroups } from './reader/read-groups.js'
import { readLogDirs } from './reader/read-log-dirs.js'
import { readLogEnds } from './reader/read-log-ends.js'
import { readMetadata } from './reader/read-metadata.js'
import { readOffsets } from './reader/read-offsets.js'
import { readQuorum } from './reader/read-quorum.js'
import { readReassignments } from './reader/read-reassignments.js'

/** Opens a reader of a cluster, once a bootstrap server has answered; throws an OperatorError when none does. */
export async function openKafkaReader(connection: KafkaConnection): Promise<ClusterReader> {
  const pool = openKafkaPool(connection)
  const directory = new LeaderDirectory(pool)
  try {
    await pool.cluster()
  } catch (error) {
    await pool.close()
    throw error
  }
  return {
    readMetadata: (options) => readMetadata(pool, options),
    readReassignments: () => readReassignments(pool),
    readConfigs: (resources, keys) => readConfigs(pool, resources, keys),
    readLogDirs: (brokerIds, onAnswer) => readLogDirs(pool, brokerIds, onAnswer),
    readOffsets: (partitions, spec) => readOffsets(pool, directory, partitions, spec),
    readLogEnds: (partitionsOf) => readLogEnds(pool, partitionsOf),
    readGroups: () => readGroups(pool),
    readCommittedOffsets: (groupIds) => readCommittedOffsets(pool, groupIds),
    readQuorum: () => readQuorum(pool),
    readAccess: (groupIds, topics) => readAccess(pool, groupIds, topics),
    pingBroker: (brokerId) => pingBroker(pool, brokerId),
    close: () => pool.close(),
  }
}
