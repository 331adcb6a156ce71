import type { ZooKeeperConnection } from '../../ports/connection.js'
import type { ZooKeeperReader } from '../../ports/zookeeper-reader.js'
import { readCluster } from './read-cluster.js'
import { ZooKeeperSession } from './session.js'

/** A reader that connects with its first call. Throws an OperatorError (exit 78) for an address that cannot be used. */
export function openZooKeeper(connection: ZooKeeperConnection): ZooKeeperReader {
  const session = new ZooKeeperSession(connection)
  return {
    readCluster: () => readCluster(session),
    close: () => session.close(),
  }
}
