import { OperatorError } from '../../../errors/operator-error.js'
import type { KafkaConnection } from '../../../ports/connection.js'
import { describeQuorum } from '../protocol/apis/describe-quorum.js'
import type { MetadataBroker, MetadataResponse } from '../protocol/apis/metadata.js'
import { metadata } from '../protocol/apis/metadata.js'
import { formatAddress, parseBrokerAddress } from './broker-address.js'
import type { BrokerLinks, LinkTarget } from './broker-links.js'
import { BrokerRequestError } from './broker-request-error.js'
import { withDeadline } from './deadline.js'
import { firstToSucceed } from './first-to-succeed.js'
import { unreachableError } from './unreachable-error.js'

/** What the pool knows of a cluster: enough to reach each broker. */
export interface KnownCluster {
  readonly clusterId: string
  readonly mode: 'kraft' | 'zookeeper'
  /** With ZooKeeper the active controller; in KRaft always null, since brokers pass requests on. */
  readonly controllerId: number | null
  readonly brokers: ReadonlyMap<number, MetadataBroker>
  /** The server that answered first. */
  readonly entry: LinkTarget
}

const STAGGER_MS = 250
/** How long the other servers have to complete a short answer: a second, or so many times what the first one took. */
const LEAST_GRACE_MS = 1_000
const GRACE_FACTOR = 4

/** The connection's bootstrap servers; an OperatorError names the one that is none. */
export function bootstrapTargets(servers: readonly string[]): LinkTarget[] {
  return servers.map((server) => {
    const address = parseBrokerAddress(server)
    if (address !== null) return { address, subject: formatAddress(address) }
    throw new OperatorError({
      code: 'BOOTSTRAP_SERVER_INVALID',
      message: `"${server}" is not a bootstrap server: HOST:PORT is expected.`,
      exit: 'badConfig',
    })
  })
}

/**
 * Asks the bootstrap servers who belongs to the cluster; the first that answers wins. An answer that names fewer
 * brokers than there are bootstrap servers is not taken for the truth: then the others are asked too, and what they
 * name is added. One of them that hangs does not hold up those that answered.
 */
export async function bootstrap(
  links: BrokerLinks,
  connection: KafkaConnection,
): Promise<KnownCluster> {
  const targets = bootstrapTargets(connection.bootstrapServers)
  const startedMs = performance.now()
  const first = await firstAnswer(links, targets)
  const others = targets.filter((target) => target !== first.entry)
  if (first.brokers.size > others.length) return first
  const graceMs = Math.max(LEAST_GRACE_MS, GRACE_FACTOR * (performance.now() - startedMs))
  const asked = others.map((target) =>
    withDeadline(ask(links, target), graceMs, () => new Error(`${target.subject} is silent`)),
  )
  const more = await Promise.allSettled(asked)
  const brokers = new Map(first.brokers)
  for (const answer of more) {
    if (answer.status === 'rejected' || answer.value.clusterId !== first.clusterId) continue
    for (const [id, broker] of answer.value.brokers) brokers.set(id, broker)
  }
  return { ...first, brokers }
}

async function firstAnswer(
  links: BrokerLinks,
  targets: readonly LinkTarget[],
): Promise<KnownCluster> {
  const tasks = targets.map((target) => () => ask(links, target))
  try {
    return await firstToSucceed(tasks, STAGGER_MS)
  } catch (error) {
    throw unreachableError(error instanceof AggregateError ? error.errors : [error])
  }
}

/** Who belongs to the cluster, in the words of one server. */
export async function ask(links: BrokerLinks, target: LinkTarget): Promise<KnownCluster> {
  const link = await links.open(target)
  const answer = await links.request(target, metadata, { topics: [] })
  if (answer.brokers.length === 0) {
    throw new BrokerRequestError({
      code: 'UNREACHABLE',
      message: `${target.subject} does not know the cluster yet (it names no broker)`,
      sent: true,
    })
  }
  const mode = link.versionFor(describeQuorum) === null ? 'zookeeper' : 'kraft'
  return { ...toKnown(answer), mode, controllerId: trueController(answer, mode), entry: target }
}

function toKnown(answer: MetadataResponse): Pick<KnownCluster, 'clusterId' | 'brokers'> {
  const brokers = new Map(answer.brokers.map((broker) => [broker.nodeId, broker]))
  return { clusterId: answer.clusterId ?? '', brokers }
}

function trueController(answer: MetadataResponse, mode: KnownCluster['mode']): number | null {
  return mode === 'kraft' || answer.controllerId < 0 ? null : answer.controllerId
}
