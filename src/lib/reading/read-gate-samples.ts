import type { Snapshot } from '../model/snapshot.js'
import type { Clock } from '../ports/clock.js'
import type { ClusterMetadata, ClusterReader } from '../ports/cluster-reader.js'
import { OperatorError } from '../errors/operator-error.js'
import { assembleBrokers } from './assemble-brokers.js'
import { assembleTopics } from './assemble-topics.js'
import type { ConfigView } from './configs.js'
import { interpretConfigs, TOPIC_KEYS } from './configs.js'
import { indexLogDirs } from './log-dirs.js'

/** What a round of samples is taken with: whom to ask, and how many of them must be different brokers. */
export interface GateSampling {
  readonly clock: Clock
  /** Brokers to ask, the preferred first; those that do not answer are passed over. */
  readonly askInOrder: readonly number[]
  readonly wanted: number
}

async function askDifferentBrokers(
  reader: ClusterReader,
  sampling: GateSampling,
): Promise<readonly ClusterMetadata[]> {
  const answers: ClusterMetadata[] = []
  let remaining = sampling.askInOrder
  while (answers.length < sampling.wanted && remaining.length > 0) {
    const next = remaining.slice(0, sampling.wanted - answers.length)
    remaining = remaining.slice(next.length)
    const asked = await Promise.allSettled(
      next.map((id) => reader.readMetadata({ fromBroker: id })),
    )
    for (const answer of asked) {
      if (answer.status === 'fulfilled') answers.push(answer.value)
      else if (!(answer.reason instanceof OperatorError)) throw answer.reason
    }
  }
  return answers
}

/** Effective min ISR and throttle lists of all topics. */
export async function readTopicConfigView(
  reader: ClusterReader,
  topics: readonly string[],
): Promise<ConfigView> {
  const resources = topics.map((name) => ({ type: 'topic', name }) as const)
  return interpretConfigs(
    resources.length === 0 ? [] : await reader.readConfigs(resources, TOPIC_KEYS),
  )
}

/**
 * Takes one round of samples for the gate of a rolling restart: the metadata of several brokers, each asked by itself, joined
 * with reassignments and the topic configs read just now. Fewer samples than wanted come back when brokers do not answer.
 */
export async function readGateSamples(
  reader: ClusterReader,
  sampling: GateSampling,
): Promise<readonly Snapshot[]> {
  const answers = await askDifferentBrokers(reader, sampling)
  const names = [...new Set(answers.flatMap((answer) => answer.topics.map((topic) => topic.name)))]
  const [reassignments, configs] = await Promise.all([
    reader.readReassignments(),
    readTopicConfigView(reader, names),
  ])
  const capturedAt = new Date(sampling.clock.nowMs()).toISOString()
  return answers.map((metadata) => ({
    format: 'klinic.snapshot/1',
    cluster: {
      id: metadata.clusterId,
      metadata: metadata.mode,
      ...(metadata.controllerId === null ? {} : { controller: metadata.controllerId }),
    },
    capturedAt,
    brokers: assembleBrokers(metadata, indexLogDirs([]), []),
    topics: assembleTopics({
      topics: metadata.topics,
      registered: new Set(metadata.brokers.map((broker) => broker.id)),
      reassignments,
      minInsyncReplicas: configs.minInsyncReplicas,
      replicas: new Map(),
    }),
    throttles: configs.throttles,
    ...(configs.unread.length > 0 && { unread: configs.unread }),
  }))
}
