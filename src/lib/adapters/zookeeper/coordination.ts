import type { ZooKeeperConnection } from '../../ports/connection.js'
import type { Coordination, ProcessWitness, StateReader } from '../../ports/coordination.js'
import { NodeLock } from './coordination-lock.js'
import { openStateNodes } from './coordination-state.js'
import { ZooKeeperSession } from './session.js'

/** Where lock and state of a cluster are: `<chroot>/<cluster id>`, below the connection's own chroot. */
export interface ZooKeeperCoordinationParts {
  readonly connection: ZooKeeperConnection
  readonly chroot: string
  readonly clusterId: string
  readonly witness: ProcessWitness
}

/** Coordination in ZooKeeper; connects with its first call. */
export function openZooKeeperCoordination(parts: ZooKeeperCoordinationParts): Coordination {
  const session = new ZooKeeperSession(parts.connection)
  const lock = new NodeLock(session, parentOf(parts), parts.witness)
  return {
    holder: () => lock.holder(),
    lock: (holder) => lock.take(holder),
    breakLock: () => lock.break(),
    state: openStateNodes(session, parentOf(parts)),
    close: () => session.close(),
  }
}

/** The readable side of the state alone, for commands that never write. */
export function openStateNodesReader(
  parts: Omit<ZooKeeperCoordinationParts, 'witness'>,
): StateReader & { close(): Promise<void> } {
  const session = new ZooKeeperSession(parts.connection)
  const state = openStateNodes(session, parentOf(parts))
  return { read: () => state.read(), close: () => session.close() }
}

const parentOf = ({
  chroot,
  clusterId,
}: Pick<ZooKeeperCoordinationParts, 'chroot' | 'clusterId'>): string =>
  `${chroot.replace(/\/+$/, '')}/${encodeURIComponent(clusterId)}`
