import type { ClusterMetadata, RegisteredBroker } from '../../../ports/cluster-reader.js'
import type { KnownCluster } from '../pool/bootstrap.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { BrokerRequestError } from '../pool/broker-request-error.js'
import { unreachableError } from '../pool/unreachable-error.js'
import { describeCluster } from '../protocol/apis/describe-cluster.js'
import type { MetadataRequest, MetadataResponse } from '../protocol/apis/metadata.js'
import { metadata } from '../protocol/apis/metadata.js'
import { toRegisteredBroker, toTopicMetadata, unionOf, whyBlank } from './map-metadata.js'
import { readQuorum } from './read-quorum.js'

/** What of the cluster is wanted, and from whom. */
export interface MetadataOptions {
  readonly topics?: readonly string[]
  readonly fromBroker?: number
}

interface Answer {
  readonly response: MetadataResponse
  readonly answeredBy?: number
}

/** First version with fenced brokers (KIP-1073). */
const FENCED_FROM = 2

/** The cluster's view of itself: Metadata, with the true controller and the fenced brokers where they can be had. */
export async function readMetadata(
  pool: KafkaPool,
  options: MetadataOptions = {},
): Promise<ClusterMetadata> {
  const cluster = await pool.cluster()
  const [answer, controllerId, fencedBrokers] = await Promise.all([
    ask(pool, cluster, options),
    readControllerId(pool),
    readFencedBrokers(pool),
  ])
  const { response, answeredBy } = answer
  const fromMetadata = response.controllerId < 0 ? null : response.controllerId
  return {
    clusterId: response.clusterId ?? cluster.clusterId,
    mode: cluster.mode,
    controllerId: cluster.mode === 'kraft' ? controllerId : fromMetadata,
    brokers: response.brokers.map(toRegisteredBroker),
    fencedBrokerIds: fencedBrokers.map(({ id }) => id),
    fencedBrokers,
    ...(answeredBy === undefined ? {} : { answeredBy }),
    topics: response.topics.map(toTopicMetadata),
  }
}

async function ask(
  pool: KafkaPool,
  cluster: KnownCluster,
  { topics, fromBroker }: MetadataOptions,
): Promise<Answer> {
  const request = { topics: topics?.map((name) => ({ name })) ?? null }
  if (fromBroker !== undefined) {
    try {
      const response = await pool.request({ brokerId: fromBroker }, metadata, request)
      const why = whyBlank(response)
      if (why === null) return { response, answeredBy: fromBroker }
      const message = `broker ${fromBroker} ${why}`
      throw new BrokerRequestError({ code: 'UNREACHABLE', message, sent: true })
    } catch (error) {
      throw unreachableError([error], 'The broker asked for does not answer')
    }
  }
  const { response, answeredBy } = await pool.read(metadata, request, whyBlank)
  const brokerId = await pool.brokerIdAt(answeredBy)
  const first = { response, ...(brokerId === undefined ? {} : { answeredBy: brokerId }) }
  const complete = isShort(response, request, cluster)
    ? await completeWithAnother(pool, request, first)
    : first
  await pool.learn(complete.response)
  return complete
}

/** A broker that has just started, or lost the controller, may know less than the cluster. */
function isShort(
  response: MetadataResponse,
  request: MetadataRequest,
  cluster: KnownCluster,
): boolean {
  const wantsAll = request.topics === null
  return (
    response.brokers.length < cluster.brokers.size || (wantsAll && response.topics.length === 0)
  )
}

async function completeWithAnother(
  pool: KafkaPool,
  request: MetadataRequest,
  first: Answer,
): Promise<Answer> {
  const others = first.response.brokers.map(({ nodeId }) => nodeId)
  for (const brokerId of others) {
    if (brokerId === first.answeredBy) continue
    const second = await pool.request({ brokerId }, metadata, request).catch(() => null)
    if (second !== null) return { ...first, response: unionOf(first.response, second) }
  }
  return first
}

/** The active controller by the quorum's own word; null where it cannot be determined: never a guess. */
async function readControllerId(pool: KafkaPool): Promise<number | null> {
  const quorum = await readQuorum(pool).catch(() => null)
  return quorum === null || quorum.leaderId < 0 ? null : quorum.leaderId
}

async function readFencedBrokers(pool: KafkaPool): Promise<RegisteredBroker[]> {
  const version = await pool.versionFor('any', describeCluster)
  if (version === null || version < FENCED_FROM) return []
  const answer = await pool.request('any', describeCluster, {}).catch(() => null)
  return (answer?.brokers ?? [])
    .filter(({ isFenced }) => isFenced)
    .map((broker) => toRegisteredBroker({ ...broker, nodeId: broker.brokerId }))
}
