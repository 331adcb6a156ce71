import { describeUnread } from '../model/describe-unread.js'
import type { Snapshot, UnreadPart } from '../model/snapshot.js'
import type { Clock } from '../ports/clock.js'
import type {
  BrokerAnswer,
  BrokerLogDir,
  ClusterMetadata,
  ClusterReader,
  ConfigResource,
  ReassignmentInFlight,
  ResourceConfigs,
} from '../ports/cluster-reader.js'
import type { ZooKeeperReader, ZooKeeperView } from '../ports/zookeeper-reader.js'
import { assembleBrokers, type KnownBroker } from './assemble-brokers.js'
import { assembleTopics } from './assemble-topics.js'
import { attempt, unreadOf, type Attempt } from './attempt.js'
import { BROKER_KEYS, interpretConfigs, TOPIC_KEYS } from './configs.js'
import { confirmPartialView } from './partial-view.js'
import { indexLogDirs, type DiskView } from './log-dirs.js'
import { seekSecondOpinion, type ConfirmedMetadata } from './second-opinion.js'
import {
  compareWithZooKeeper,
  NO_FACTS,
  withRegistrations,
  type ZooKeeperFacts,
} from './zookeeper-facts.js'

/** What a reading needs besides the cluster itself. */
export interface ReadSnapshotOptions {
  readonly clock: Clock
  /** The cluster's name in the configuration. */
  readonly name?: string
  readonly zookeeper?: ZooKeeperReader
  /** Addresses and racks of brokers that may be dead by now. */
  readonly knownBrokers?: readonly KnownBroker[]
  /** Learns of each broker that is slow to answer, while the reading still waits for it. */
  readonly onSlow?: ((broker: { readonly host: string; readonly port: number }) => void) | undefined
}

/** A broker that is well answers a first request in a fraction of this. */
const SLOW_AFTER_MS = 1_000

/**
 * Reads a cluster into a snapshot (without traffic). One metadata request, then everything else at once. It works on a
 * sick cluster: what cannot be read becomes a warning and an entry of `unread`, never a silent gap. Throws only when no
 * broker at all answers, or when brokers of two clusters do.
 */
export async function readSnapshot(
  reader: ClusterReader,
  options: ReadSnapshotOptions,
): Promise<Snapshot> {
  const capturedAt = new Date(options.clock.nowMs()).toISOString()
  const [answers, zookeeper] = await Promise.all([
    reader.readMetadata().then((first) => askEverybody(reader, first, options)),
    options.zookeeper && attempt('zookeeper', 'zookeeper', options.zookeeper.readCluster()),
  ])
  const { metadata } = answers.confirmed
  const disks = indexLogDirs(answers.logDirs)
  const facts = zookeeperFacts(zookeeper, metadata)
  const partial = await confirmPartialView(reader, metadata, disks)
  return assemble({ ...answers, disks, facts, partial }, capturedAt, options)
}

interface Answers {
  readonly confirmed: ConfirmedMetadata
  readonly logDirs: readonly BrokerAnswer<readonly BrokerLogDir[]>[]
  readonly configs: readonly Attempt<readonly ResourceConfigs[]>[]
  readonly reassignments: Attempt<readonly ReassignmentInFlight[]>
}

async function askEverybody(
  reader: ClusterReader,
  first: ClusterMetadata,
  { clock, onSlow }: Pick<ReadSnapshotOptions, 'clock' | 'onSlow'>,
): Promise<Answers> {
  const ids = first.brokers.map((broker) => broker.id)
  const [confirmed, logDirs, topicConfigs, brokerConfigs, reassignments] = await Promise.all([
    seekSecondOpinion(reader, first, clock),
    readLogDirs(reader, first.brokers, { clock, onSlow }),
    attempt('topic configs', 'all topics', readConfigs(reader, topicResources(first), TOPIC_KEYS)),
    attempt(
      'broker configs',
      'all brokers',
      readConfigs(reader, brokerResources(ids), BROKER_KEYS),
    ),
    attempt('reassignments', 'cluster', reader.readReassignments()),
  ])
  return { confirmed, logDirs, configs: [topicConfigs, brokerConfigs], reassignments }
}

async function readLogDirs(
  reader: ClusterReader,
  brokers: ClusterMetadata['brokers'],
  { clock, onSlow }: Pick<ReadSnapshotOptions, 'clock' | 'onSlow'>,
): Promise<Answers['logDirs']> {
  const ids = brokers.map(({ id }) => id)
  if (onSlow === undefined) return reader.readLogDirs(ids)
  const silent = new Map(brokers.map((broker) => [broker.id, broker]))
  const done = new AbortController()
  const reading = reader
    .readLogDirs(ids, (id) => silent.delete(id))
    .finally(() => {
      done.abort()
    })
  await Promise.race([reading, clock.sleep(SLOW_AFTER_MS, done.signal)])
  if (!done.signal.aborted) for (const broker of silent.values()) onSlow(broker)
  return reading
}

const readConfigs = (
  reader: ClusterReader,
  resources: readonly ConfigResource[],
  keys: readonly string[],
): Promise<readonly ResourceConfigs[]> =>
  resources.length === 0 ? Promise.resolve([]) : reader.readConfigs(resources, keys)

const topicResources = (metadata: ClusterMetadata): readonly ConfigResource[] =>
  metadata.topics.map((topic) => ({ type: 'topic', name: topic.name }))

const brokerResources = (ids: readonly number[]): readonly ConfigResource[] =>
  ['', ...ids.map(String)].map((name) => ({ type: 'broker', name }))

function zookeeperFacts(
  view: Attempt<ZooKeeperView> | undefined,
  metadata: ClusterMetadata,
): ZooKeeperFacts {
  if (view?.ok === true) return compareWithZooKeeper(view.value, metadata)
  return { ...NO_FACTS, unread: view === undefined ? [] : unreadOf(view) }
}

interface Parts extends Answers {
  readonly disks: DiskView
  readonly facts: ZooKeeperFacts
  readonly partial: Awaited<ReturnType<typeof confirmPartialView>>
}

function assemble(parts: Parts, capturedAt: string, options: ReadSnapshotOptions): Snapshot {
  const { confirmed, disks, facts, partial } = parts
  const { metadata } = confirmed
  const configs = interpretConfigs(parts.configs.flatMap((c) => (c.ok ? c.value : [])))
  const controller = facts.controllerId ?? metadata.controllerId
  const unread: readonly UnreadPart[] = [
    ...confirmed.unread,
    ...topicErrors(metadata),
    ...(controller === null ? [noController] : []),
    ...unreadOf(parts.reassignments),
    ...disks.unread,
    ...parts.configs.flatMap(unreadOf),
    ...configs.unread,
    ...facts.unread,
  ]
  return {
    format: 'klinic.snapshot/1',
    cluster: {
      id: metadata.clusterId,
      ...(options.name !== undefined && { name: options.name }),
      metadata: metadata.mode,
      ...(controller !== null && { controller }),
    },
    capturedAt,
    brokers: withRegistrations(
      assembleBrokers(metadata, disks, [...facts.known, ...(options.knownBrokers ?? [])]),
      facts,
    ),
    topics: assembleTopics({
      topics: metadata.topics,
      registered: new Set(metadata.brokers.map((broker) => broker.id)),
      reassignments: parts.reassignments.ok ? parts.reassignments.value : [],
      minInsyncReplicas: configs.minInsyncReplicas,
      replicas: disks.replicas,
    }),
    ...(configs.throttles.length > 0 && { throttles: configs.throttles }),
    ...(unread.length > 0 && { warnings: unread.map((part) => describeUnread(part)), unread }),
    ...(partial !== null && { partialView: partial }),
    ...(facts.leftovers.length > 0 && { zookeeperLeftovers: facts.leftovers }),
  }
}

const noController: UnreadPart = {
  part: 'controller',
  subject: 'cluster',
  code: 'UNKNOWN',
  message: 'the cluster did not say which broker is the active controller',
}

/** Topics that came back as an error: Kafka tells them apart from their partitions' errors. */
function topicErrors(metadata: ClusterMetadata): readonly UnreadPart[] {
  return metadata.topics.flatMap((topic) => {
    if (topic.error === undefined) return []
    const message = `Metadata answered with ${topic.error}`
    return [{ part: 'metadata', subject: `topic ${topic.name}`, code: topic.error, message }]
  })
}
