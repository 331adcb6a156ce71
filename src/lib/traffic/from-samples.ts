import type { Broker, Partition, Snapshot, ThrottleEntry, Topic } from '../model/snapshot.js'
import type { BrokerSample, PartitionStateSample, TopicSample } from './sample.js'

/** The cluster as the samples of one collection tell it, and the brokers whose samples are missing. */
export interface RebuiltState {
  /** Without traffic. */
  readonly snapshot: Snapshot
  readonly missingBrokers: readonly number[]
}

const byCodeUnit = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

interface Located {
  readonly broker: number
  readonly logDir: string | null
}

function partitionOf(
  id: number,
  state: PartitionStateSample,
  located: readonly Located[],
): Partition {
  const dirs = state.replicas.map((b) => located.find((l) => l.broker === b)?.logDir ?? null)
  return {
    id,
    replicas: [...state.replicas],
    ...(state.isr !== null && { isr: [...state.isr] }),
    leader: state.leader,
    ...(state.adding.length > 0 && { adding: [...state.adding] }),
    ...(state.removing.length > 0 && { removing: [...state.removing] }),
    ...(state.sizeBytes !== null && { sizeBytes: state.sizeBytes }),
    ...(dirs.some((dir) => dir !== null) && { logDirs: dirs }),
    ...(state.offline.length > 0 && { offlineReplicas: [...state.offline] }),
  }
}

interface OnBroker {
  readonly broker: number
  readonly topic: TopicSample
}

function topicOf(name: string, parts: readonly OnBroker[]): Topic {
  const first = parts[0]?.topic
  const located = new Map<number, Located[]>()
  const states = new Map<number, PartitionStateSample>()
  for (const { broker, topic } of parts)
    for (const replica of topic.replicas) {
      const known = located.get(replica.partition) ?? []
      located.set(replica.partition, [...known, { broker, logDir: replica.logDir }])
      if (replica.state !== null) states.set(replica.partition, replica.state)
    }
  const topicId = first?.topicId ?? null
  const minInsyncReplicas = first?.minInsyncReplicas ?? null
  return {
    name,
    ...(topicId !== null && { topicId }),
    ...(minInsyncReplicas !== null && { minInsyncReplicas }),
    partitions: [...states]
      .sort(([a], [b]) => a - b)
      .map(([id, state]) => partitionOf(id, state, located.get(id) ?? [])),
  }
}

function groupTopics(samples: readonly BrokerSample[]): ReadonlyMap<string, readonly OnBroker[]> {
  const byName = new Map<string, OnBroker[]>()
  for (const sample of samples)
    for (const topic of sample.topics) {
      const parts = byName.get(topic.name) ?? []
      byName.set(topic.name, parts)
      parts.push({ broker: sample.broker.id, topic })
    }
  return byName
}

function throttlesOf(
  samples: readonly BrokerSample[],
  topics: ReadonlyMap<string, readonly OnBroker[]>,
): readonly ThrottleEntry[] {
  const firstParts = samples.filter((sample) => sample.part === 0)
  const shared = firstParts[0]?.clusterThrottles ?? []
  const ofBrokers = firstParts.flatMap(({ broker, throttles }) =>
    throttles.map((t): ThrottleEntry => ({ resource: 'broker', name: String(broker.id), ...t })),
  )
  const ofTopics = [...topics].flatMap(([name, parts]) =>
    (parts[0]?.topic.throttles ?? []).map((t): ThrottleEntry => ({
      resource: 'topic',
      name,
      ...t,
    })),
  )
  return [
    ...shared.map((t): ThrottleEntry => ({ resource: 'broker', name: '', ...t })),
    ...ofBrokers,
    ...ofTopics.sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.key, b.key)),
  ].map(({ resource, name, key, value }) => ({ resource, name, key, value }))
}

function remarksOf(samples: readonly BrokerSample[]): Partial<Snapshot> {
  const remarks = samples.find((sample) => sample.remarks !== null)?.remarks
  if (remarks === undefined || remarks === null) return {}
  const { warnings, unread, partialView, zookeeperLeftovers } = remarks
  return {
    ...(warnings.length > 0 && { warnings }),
    ...(unread.length > 0 && { unread }),
    ...(partialView !== null && { partialView }),
    ...(zookeeperLeftovers.length > 0 && { zookeeperLeftovers }),
  }
}

function brokersOf(samples: readonly BrokerSample[]): readonly Broker[] {
  return samples
    .filter((sample) => sample.part === 0)
    .map((sample) => sample.broker)
    .sort((a, b) => a.id - b.id)
}

/** Brokers of which at least one part is missing. */
function missingOf(samples: readonly BrokerSample[]): readonly number[] {
  return (samples[0]?.brokerIds ?? []).filter((id) => {
    const own = samples.filter((sample) => sample.broker.id === id)
    return own.length === 0 || own.length < (own[0]?.parts ?? 1)
  })
}

/** Puts the samples of one collection (each once, in any order) together: the inverse of `toSamples`. */
export function snapshotFromSamples(collection: readonly BrokerSample[]): RebuiltState | null {
  const samples = [...collection].sort((a, b) => a.broker.id - b.broker.id || a.part - b.part)
  const [first] = samples
  if (first === undefined) return null
  const topics = groupTopics(samples)
  const throttles = throttlesOf(samples, topics)
  const snapshot: Snapshot = {
    format: 'klinic.snapshot/1',
    cluster: {
      id: first.clusterId,
      ...(first.clusterName !== null && { name: first.clusterName }),
      metadata: first.mode,
      ...(first.controllerId !== null && { controller: first.controllerId }),
    },
    capturedAt: new Date(first.capturedAtMs).toISOString(),
    brokers: brokersOf(samples),
    topics: [...topics].sort(([a], [b]) => byCodeUnit(a, b)).map(([name, p]) => topicOf(name, p)),
    ...(throttles.length > 0 && { throttles }),
    ...remarksOf(samples),
  }
  return { snapshot, missingBrokers: missingOf(samples) }
}
