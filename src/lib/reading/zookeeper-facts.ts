import type { Broker, UnreadPart, ZooKeeperLeftover } from '../model/snapshot.js'
import type { ClusterMetadata } from '../ports/cluster-reader.js'
import type { ZooKeeperBroker, ZooKeeperView } from '../ports/zookeeper-reader.js'
import type { KnownBroker } from './assemble-brokers.js'

/** What ZooKeeper adds to Metadata, and where the two do not agree. */
export interface ZooKeeperFacts {
  /** The active controller as `/controller` names it; null when ZooKeeper has none or is not to be believed. */
  readonly controllerId: number | null
  readonly leftovers: readonly ZooKeeperLeftover[]
  readonly known: readonly KnownBroker[]
  /** Start of each broker's session, ISO 8601. */
  readonly registeredAt: ReadonlyMap<number, string>
  readonly unread: readonly UnreadPart[]
}

/** Nothing was learned from ZooKeeper. */
export const NO_FACTS: ZooKeeperFacts = {
  controllerId: null,
  leftovers: [],
  known: [],
  registeredAt: new Map(),
  unread: [],
}

/** The brokers with the start of their sessions. */
export function withRegistrations(
  brokers: readonly Broker[],
  { registeredAt }: ZooKeeperFacts,
): readonly Broker[] {
  return brokers.map((broker) => {
    const at = registeredAt.get(broker.id)
    return at === undefined
      ? broker
      : { ...broker, evidence: { ...broker.evidence, registeredAt: at } }
  })
}

const doubt = (code: string, message: string): UnreadPart => ({
  part: 'zookeeper',
  subject: 'zookeeper',
  code,
  message,
})

/** Holds ZooKeeper's view against Metadata. A view of another cluster, or of one that has left it, is not used. */
export function compareWithZooKeeper(
  view: ZooKeeperView,
  metadata: ClusterMetadata,
): ZooKeeperFacts {
  if (metadata.mode === 'kraft') {
    const message = 'the configured ZooKeeper was not used: the cluster runs on KRaft'
    return { ...NO_FACTS, unread: [doubt('NOT_USED', message)] }
  }
  if (view.clusterId !== metadata.clusterId) {
    const message = `the configured ZooKeeper belongs to cluster ${view.clusterId}, the brokers to ${metadata.clusterId}: check the chroot`
    return {
      ...NO_FACTS,
      unread: [doubt('OTHER_CLUSTER', message)],
    }
  }
  return {
    controllerId: view.controllerId,
    leftovers: view.leftovers,
    known: view.brokers.flatMap(knownFrom),
    registeredAt: new Map(
      view.brokers.map(({ id, registeredAtMs }) => [id, new Date(registeredAtMs).toISOString()]),
    ),
    unread: compareRegistrations(view, metadata),
  }
}

function compareRegistrations(
  view: ZooKeeperView,
  metadata: ClusterMetadata,
): readonly UnreadPart[] {
  const inZooKeeper = new Set(view.brokers.map((b) => b.id))
  const inMetadata = new Set(metadata.brokers.map((b) => b.id))
  const onlyRegistered = [...inZooKeeper].filter((id) => !inMetadata.has(id))
  const onlyListed = [...inMetadata].filter((id) => !inZooKeeper.has(id))
  return [
    ...onlyRegistered.map((id) =>
      doubt(
        'VIEWS_DIFFER',
        `broker ${id} is registered in ZooKeeper, but Metadata does not list it`,
      ),
    ),
    ...onlyListed.map((id) =>
      doubt(
        'VIEWS_DIFFER',
        `broker ${id} is listed in Metadata, but is not registered in ZooKeeper`,
      ),
    ),
  ]
}

/** `PLAINTEXT://host:9092` or `SSL://[::1]:9093`, whichever comes first. */
function knownFrom(broker: ZooKeeperBroker): readonly KnownBroker[] {
  const match = /^[A-Za-z0-9_]+:\/\/\[?([^\]]*?)\]?:(\d{1,5})$/.exec(broker.endpoints[0] ?? '')
  if (match?.[1] === undefined || match[2] === undefined) return []
  const rack = broker.rack === undefined ? {} : { rack: broker.rack }
  return [{ id: broker.id, host: match[1], port: Number(match[2]), ...rack }]
}
