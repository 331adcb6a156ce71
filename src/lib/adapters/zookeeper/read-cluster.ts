import { OperatorError } from '../../errors/operator-error.js'
import type { ZooKeeperLeftover } from '../../model/snapshot.js'
import type { ZooKeeperBroker, ZooKeeperView } from '../../ports/zookeeper-reader.js'
import { parseNode, type NodeData } from './parse-node.js'
import type { ZooKeeperSession } from './session.js'

/** Requests that ZooKeeper-era tools leave behind; the controller of 3.9 still acts on them. */
const LEFTOVERS = ['/admin/reassign_partitions', '/admin/preferred_replica_election'] as const
const DELETIONS = '/admin/delete_topics'
/** Enough to see what a leftover asks for. */
const MAX_DATA_CHARACTERS = 4_096

/** Reads what only ZooKeeper knows of a Kafka cluster. */
export async function readCluster(session: ZooKeeperSession): Promise<ZooKeeperView> {
  const [id, controller, brokerIds, leftovers] = await Promise.all([
    readNode(session, '/cluster/id'),
    readNode(session, '/controller'),
    listChildren(session, '/brokers/ids'),
    readLeftovers(session),
  ])
  const clusterId = parseNode(id?.text)?.['id']
  if (typeof clusterId !== 'string') throw noClusterHere(session.address)
  const controllerId = parseNode(controller?.text)?.['brokerid']
  const brokers = await Promise.all(brokerIds.map((child) => readBroker(session, child)))
  return {
    clusterId,
    controllerId: typeof controllerId === 'number' ? controllerId : null,
    brokers: brokers.filter((broker) => broker !== null).sort((a, b) => a.id - b.id),
    leftovers,
  }
}

async function readBroker(
  session: ZooKeeperSession,
  child: string,
): Promise<ZooKeeperBroker | null> {
  const node = await readNode(session, `/brokers/ids/${child}`)
  if (node === null) return null
  const facts = parseNode(node.text)
  const endpoints = facts?.['endpoints']
  const rack = facts?.['rack']
  return {
    id: Number(child),
    endpoints: Array.isArray(endpoints)
      ? endpoints.filter((endpoint) => typeof endpoint === 'string')
      : [],
    ...(typeof rack === 'string' && { rack }),
    registeredAtMs: node.createdAtMs,
  }
}

async function readLeftovers(session: ZooKeeperSession): Promise<readonly ZooKeeperLeftover[]> {
  const deletions = await listChildren(session, DELETIONS)
  const paths = [...LEFTOVERS, ...deletions.sort().map((topic) => `${DELETIONS}/${topic}`)]
  const nodes = await Promise.all(paths.map((path) => readNode(session, path)))
  return paths.flatMap((path, index) => {
    const node = nodes[index]
    return node ? [{ path, data: node.text.slice(0, MAX_DATA_CHARACTERS) }] : []
  })
}

function readNode(session: ZooKeeperSession, path: string): Promise<NodeData | null> {
  return session.request<NodeData>(`read ${path}`, (client, done) => {
    client.getData(path, (error, data, stat) =>
      done(error, {
        text: data?.toString('utf8') ?? '',
        createdAtMs: stat === undefined ? 0 : Number(stat.ctime.readBigInt64BE()),
      }),
    )
  })
}

async function listChildren(session: ZooKeeperSession, path: string): Promise<string[]> {
  const children = await session.request<string[]>(`list ${path}`, (client, done) =>
    client.getChildren(path, done),
  )
  return children ?? []
}

const noClusterHere = (address: string): OperatorError =>
  new OperatorError({
    code: 'ZOOKEEPER_NO_CLUSTER',
    message: `ZooKeeper at ${address} holds no Kafka cluster: there is no /cluster/id`,
    nextSteps: ['check the chroot at the end of the address (zookeeper.connect of the brokers)'],
    exit: 'badConfig',
  })
