import type { Settings } from '../config/settings.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Clock } from '../ports/clock.js'
import type { KafkaConnection, ZooKeeperConnection } from '../ports/connection.js'
import type { Coordination, StateReader } from '../ports/coordination.js'

/** What coordination of one cluster is opened with; connections are resolved when they are needed. */
export interface CoordinationSource {
  readonly settings: Settings
  readonly clock: Clock
  connection(): Promise<KafkaConnection>
  /** Connection to the cluster that keeps our topics. */
  operationsConnection(): Promise<KafkaConnection>
  /** Null where no ZooKeeper is configured. */
  zookeeperConnection(): Promise<ZooKeeperConnection | null>
}

/**
 * Lock and state of a cluster, where its configuration has them. On Kafka the lock is always on the cluster itself, which
 * everybody who works on it reaches; the state is on the operations cluster where one is named.
 */
export async function openCoordination(
  source: CoordinationSource,
  clusterId: string,
): Promise<Coordination> {
  const { openProcessWitness } = await import('../adapters/system/process-witness.js')
  const { settings, clock } = source
  const witness = await openProcessWitness()
  if (settings.coordination.kind === 'zookeeper') {
    const { openZooKeeperCoordination } = await import('../adapters/zookeeper/coordination.js')
    const connection = await zookeeperOf(source)
    const { chroot } = settings.coordination
    return openZooKeeperCoordination({ connection, chroot, clusterId, witness })
  }
  const { openKafkaCoordination } =
    await import('../adapters/kafka/coordination/open-kafka-coordination.js')
  return openKafkaCoordination({
    connection: await source.connection(),
    stateConnection: await source.operationsConnection(),
    stateTopic: settings.topics.state,
    clusterId,
    clock,
    witness,
  })
}

/** The readable side of the state; to be closed. */
export async function openState(
  source: CoordinationSource,
  clusterId: string,
): Promise<StateReader & { close(): Promise<void> }> {
  const { settings, clock } = source
  if (settings.coordination.kind === 'zookeeper') {
    const { openStateNodesReader } = await import('../adapters/zookeeper/coordination.js')
    const { chroot } = settings.coordination
    return openStateNodesReader({ connection: await zookeeperOf(source), chroot, clusterId })
  }
  const { openStateReader } =
    await import('../adapters/kafka/coordination/open-kafka-coordination.js')
  const place = { topic: settings.topics.state, clusterId, clock }
  return openStateReader(await source.operationsConnection(), place)
}

async function zookeeperOf(source: CoordinationSource): Promise<ZooKeeperConnection> {
  const connection = await source.zookeeperConnection()
  if (connection !== null) return connection
  throw new OperatorError({
    code: 'CONFIG_INVALID',
    message: 'coordination.kind is zookeeper, but the cluster names no zookeeper.connect',
    nextSteps: ['klinic config show --origin'],
    exit: 'badConfig',
  })
}
