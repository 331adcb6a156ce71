import { dirname } from 'node:path'

import type { ClusterChoice, ConnectionFlags, ResolvedCluster } from '../config/resolve-cluster.js'
import type { SecretShell } from '../config/secrets.js'
import type { Settings } from '../config/settings.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Clock } from '../ports/clock.js'
import type { ClusterReader } from '../ports/cluster-reader.js'
import type { KafkaConnection, ZooKeeperConnection } from '../ports/connection.js'
import type { StateReader } from '../ports/coordination.js'
import type { RecordReader } from '../ports/record-log.js'
import type { ZooKeeperReader } from '../ports/zookeeper-reader.js'
import type { EarlyProbe } from '../reading/early-looks.js'

/** What a command hands over to get its context: `this.contextInput(flags)`. */
export interface ContextInput {
  readonly flags: ConnectionFlags
  readonly given: ReadonlySet<string>
  readonly secrets: SecretShell
}

/** A cluster that may be read, and nothing else. Connections are opened late and closed whatever happens. */
export interface ReadContext {
  /** Name in the configuration file; absent with `--bootstrap-server` alone. */
  readonly clusterName?: string
  readonly expectedClusterId?: string
  /** Tunables of this cluster: environment > cluster > defaults > built in. A command's own flags outrank them. */
  readonly settings: Settings
  /** Topic of the action log; null with `--bootstrap-server` alone, unless a flag names it: nothing is written unasked. */
  readonly actionsTopic: string | null
  readonly clock: Clock
  /** Refuses (exit 4) before anything else is read when another cluster answers than the file expects. */
  withReader<T>(use: (reader: ClusterReader) => Promise<T>): Promise<T>
  /** The cluster that keeps our topics: the operations cluster where one is named, else the cluster itself. */
  withOperationsReader<T>(use: (reader: ClusterReader) => Promise<T>): Promise<T>
  /** Reads topics of ours: on the operations cluster where one is named. */
  withRecordReader<T>(use: (reader: RecordReader) => Promise<T>): Promise<T>
  /** Null where no ZooKeeper is configured. */
  withZooKeeper<T>(use: (zookeeper: ZooKeeperReader | null) => Promise<T>): Promise<T>
  /** Servers (`host:port`) that do not answer: connections opened from now on begin elsewhere, where they can. */
  avoid(servers: readonly string[]): void
  /** Looks at brokers by their addresses, one by one. */
  withBrokerProbe<T>(use: (probe: EarlyProbe) => Promise<T>): Promise<T>
  /** What outlives a run (maintenance, cooldowns), to be read only. */
  withState<T>(clusterId: string, use: (state: StateReader) => Promise<T>): Promise<T>
}

/** What the write context builds upon; commands use {@link openReadContext}. */
export interface ContextParts {
  readonly context: ReadContext
  readonly cluster: ResolvedCluster
  connection(): Promise<KafkaConnection>
  /** Connection to the cluster that keeps our topics. */
  operationsConnection(): Promise<KafkaConnection>
  /** Null where no ZooKeeper is configured. */
  zookeeperConnection(): Promise<ZooKeeperConnection | null>
}

/** Resolves flags, environment and file to a cluster that may be read. Connects to nothing yet. */
export async function openReadContext(input: ContextInput): Promise<ReadContext> {
  return (await openContextParts(input)).context
}

/** The same with the connections behind it, for the write context. */
export async function openContextParts(input: ContextInput): Promise<ContextParts> {
  const { resolveCluster } = await import('../config/resolve-cluster.js')
  const choice: ClusterChoice = { ...input, env: process.env, cwd: process.cwd() }
  const cluster = await resolveCluster(choice)
  const connections = rememberConnections(cluster, choice, input.secrets)
  const probe = probeOnce(connections.connection)
  const zookeeperConnection = () => readZooKeeperConnection(cluster, choice, input.secrets)
  const { systemClock } = await import('../adapters/system/clock.js')
  const { name, settings, entry } = cluster
  const context: ReadContext = {
    ...(name === undefined ? {} : { clusterName: name }),
    ...(entry.clusterId === undefined ? {} : { expectedClusterId: entry.clusterId }),
    settings,
    actionsTopic:
      choice.flags['actions-topic'] ?? (name === undefined ? null : settings.topics.actions),
    clock: systemClock,
    withReader: async (use) => {
      const connection = await connections.connection()
      const { openKafkaReader } = await import('../adapters/kafka/open-kafka-reader.js')
      return closing(await openKafkaReader(connection), async (reader) => {
        await checkClusterId(reader, cluster)
        return use(reader)
      })
    },
    withOperationsReader: async (use) => {
      const connection = await connections.operationsConnection()
      const { openKafkaReader } = await import('../adapters/kafka/open-kafka-reader.js')
      return closing(await openKafkaReader(connection), use)
    },
    withRecordReader: async (use) => {
      const connection = await connections.operationsConnection()
      const { openRecordReader } = await import('../adapters/kafka/open-record-reader.js')
      return closing(await openRecordReader(connection), use)
    },
    withZooKeeper: async (use) => {
      const connection = await zookeeperConnection()
      if (connection === null) return use(null)
      const { openZooKeeper } = await import('../adapters/zookeeper/open-zookeeper.js')
      return closing(openZooKeeper(connection), use)
    },
    avoid: connections.avoid,
    withBrokerProbe: async (use) => use(await probe()),
    withState: async (clusterId, use) => {
      const { openState } = await import('./compose-coordination.js')
      const source = { settings, clock: systemClock, ...connections, zookeeperConnection }
      return closing(await openState(source, clusterId), use)
    },
  }
  return { context, cluster, ...connections, zookeeperConnection }
}

/** One for all readings of a context: a look that is begun in one place is taken in another. */
function probeOnce(connection: () => Promise<KafkaConnection>): () => Promise<EarlyProbe> {
  let opened: Promise<EarlyProbe> | null = null
  return () => (opened ??= openProbe(connection))
}

async function openProbe(connection: () => Promise<KafkaConnection>): Promise<EarlyProbe> {
  const { openBrokerProbe } = await import('../adapters/kafka/open-broker-probe.js')
  const { systemClock } = await import('../adapters/system/clock.js')
  const { lookEarly } = await import('../reading/early-looks.js')
  return lookEarly(openBrokerProbe(await connection()), systemClock)
}

/** Runs `use` and closes the resource afterwards, also when it throws. */
export async function closing<R extends { close(): Promise<void> }, T>(
  resource: R,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await use(resource)
  } finally {
    await resource.close()
  }
}

function rememberConnections(cluster: ResolvedCluster, choice: ClusterChoice, shell: SecretShell) {
  let own: Promise<KafkaConnection> | null = null
  let avoided: ReadonlySet<string> = new Set()
  const connection = async (): Promise<KafkaConnection> => {
    own ??= import('../config/kafka-connection.js').then((config) =>
      config.openConnection(cluster, choice, shell),
    )
    const resolved = await own
    const usable = resolved.bootstrapServers.filter((server) => !avoided.has(server))
    return usable.length === 0 ? resolved : { ...resolved, bootstrapServers: usable }
  }
  const avoid = (servers: readonly string[]): void => {
    avoided = new Set(servers)
  }
  const operationsConnection = async (): Promise<KafkaConnection> => {
    const name = cluster.entry.operationsCluster
    if (name === undefined || name === cluster.name) return connection()
    const { describeCluster } = await import('../config/resolve-cluster.js')
    const { openConnection } = await import('../config/kafka-connection.js')
    const operations = describeCluster(name, cluster.file ?? null, choice.env)
    const { timeout, 'allow-plaintext-sasl': allow } = choice.flags
    const flags = { timeout, 'allow-plaintext-sasl': allow }
    return openConnection(operations, { ...choice, flags, given: new Set() }, shell)
  }
  return { connection, operationsConnection, avoid }
}

async function readZooKeeperConnection(
  cluster: ResolvedCluster,
  choice: ClusterChoice,
  shell: SecretShell,
): Promise<ZooKeeperConnection | null> {
  const { readZooKeeper } = await import('../config/sasl-entry.js')
  const baseDir = cluster.file === undefined ? choice.cwd : dirname(cluster.file.path)
  const timeoutMs = choice.flags.timeout ?? cluster.settings.timeouts.request
  return readZooKeeper(cluster.entry, timeoutMs, { baseDir, shell })
}

async function checkClusterId(reader: ClusterReader, cluster: ResolvedCluster): Promise<void> {
  const expected = cluster.entry.clusterId
  if (expected === undefined) return
  const { clusterId } = await reader.readMetadata({ topics: [] })
  if (clusterId === expected) return
  throw new OperatorError({
    code: 'WRONG_CLUSTER',
    message: `cluster ${cluster.name ?? ''} should have id ${expected}, but ${clusterId} answers at its addresses`,
    nextSteps: ['check bootstrapServers and clusterId of this cluster in klinic.yaml'],
    exit: 'stale',
  })
}
