import type { Broker, Partition, Snapshot, Topic } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import type { IntervalTraffic, PartitionTraffic } from './interval.js'
import type {
  BrokerSample,
  PartitionStateSample,
  ReadingRemarks,
  ReplicaSample,
  ThrottleSample,
  TopicSample,
} from './sample.js'

/** The broker whose sample tells the state of a partition: its leader, else its first replica, else the first broker. */
function speakerOf(partition: Partition, brokers: readonly Broker[]): number | undefined {
  return partition.leader ?? partition.replicas[0] ?? brokers[0]?.id
}

function stateOf(partition: Partition): PartitionStateSample {
  return {
    replicas: partition.replicas,
    isr: partition.isr ?? null,
    leader: partition.leader,
    adding: partition.adding ?? [],
    removing: partition.removing ?? [],
    offline: partition.offlineReplicas ?? [],
    sizeBytes: partition.sizeBytes ?? null,
  }
}

const whole = (value: number | undefined): number | null =>
  value === undefined ? null : Math.round(value)

/** What only the leader's sample tells: offsets and traffic. */
function leaderFigures(traffic: PartitionTraffic | undefined): Partial<ReplicaSample> {
  if (traffic === undefined) return {}
  return {
    logStartOffset: traffic.logStartOffset ?? null,
    logEndOffset: traffic.logEndOffset ?? null,
    coveredMs: Math.round(traffic.coveredMs),
    bytesIn: whole(traffic.bytesIn),
    bytesOut: whole(traffic.bytesOut),
  }
}

function roleOf(partition: Partition, broker: Broker): ReplicaSample['role'] {
  if (partition.leader === broker.id) return 'leader'
  return broker.state === 'dead' || !partition.replicas.includes(broker.id) ? 'none' : 'follower'
}

function isMoving(partition: Partition): boolean {
  return (partition.adding ?? []).length + (partition.removing ?? []).length > 0
}

function replicaSample(
  partition: Partition,
  broker: Broker,
  speaks: boolean,
  traffic: PartitionTraffic | undefined,
): ReplicaSample {
  const role = roleOf(partition, broker)
  const ownSize = role === 'leader' ? partition.sizeBytes : undefined
  return {
    partition: partition.id,
    role,
    sizeBytes: traffic?.replicaSizes.get(broker.id) ?? ownSize ?? null,
    logDir: partition.logDirs?.[partition.replicas.indexOf(broker.id)] ?? null,
    logStartOffset: null,
    logEndOffset: null,
    coveredMs: 0,
    bytesIn: null,
    bytesOut: null,
    ...(role === 'leader' && leaderFigures(traffic)),
    reassigning: isMoving(partition) || traffic?.reassigning === true,
    state: speaks ? stateOf(partition) : null,
  }
}

function throttlesOf(
  snapshot: Snapshot,
  resource: 'broker' | 'topic',
  name: string,
): readonly ThrottleSample[] {
  return (snapshot.throttles ?? [])
    .filter((throttle) => throttle.resource === resource && throttle.name === name)
    .map(({ key, value }) => ({ key, value }))
}

function topicSample(
  snapshot: Snapshot,
  topic: Topic,
  broker: Broker,
  traffic: IntervalTraffic,
): TopicSample | null {
  const replicas = topic.partitions.flatMap((partition) => {
    const speaks = speakerOf(partition, snapshot.brokers) === broker.id
    if (!speaks && !partition.replicas.includes(broker.id)) return []
    const measured = traffic.partitions.get(topicPartitionKey(topic.name, partition.id))
    const same = measured !== undefined && measured.topicId === topic.topicId
    return [replicaSample(partition, broker, speaks, same ? measured : undefined)]
  })
  const empty = topic.partitions.length === 0 && snapshot.brokers[0] === broker
  if (replicas.length === 0 && !empty) return null
  return {
    name: topic.name,
    topicId: topic.topicId ?? null,
    minInsyncReplicas: topic.minInsyncReplicas ?? null,
    throttles: throttlesOf(snapshot, 'topic', topic.name),
    replicas,
  }
}

const remarksOf = (snapshot: Snapshot): ReadingRemarks => ({
  warnings: snapshot.warnings ?? [],
  unread: snapshot.unread ?? [],
  partialView: snapshot.partialView ?? null,
  zookeeperLeftovers: snapshot.zookeeperLeftovers ?? [],
})

/**
 * One sample for each broker of the snapshot (dead ones too: their replicas would be lost otherwise) with the traffic of
 * the interval that ended when the snapshot was taken. `snapshotFromSamples` is the inverse.
 */
export function toSamples(snapshot: Snapshot, traffic: IntervalTraffic): readonly BrokerSample[] {
  const brokerIds = snapshot.brokers.map((broker) => broker.id)
  return snapshot.brokers.map((broker, index) => ({
    clusterId: snapshot.cluster.id,
    clusterName: snapshot.cluster.name ?? null,
    mode: snapshot.cluster.metadata,
    controllerId: snapshot.cluster.controller ?? null,
    source: traffic.source,
    fromMs: Math.round(traffic.fromMs),
    toMs: Math.round(traffic.toMs),
    capturedAtMs: Date.parse(snapshot.capturedAt),
    brokerIds,
    part: 0,
    parts: 1,
    broker,
    throttles: throttlesOf(snapshot, 'broker', String(broker.id)),
    clusterThrottles: throttlesOf(snapshot, 'broker', ''),
    topics: snapshot.topics.flatMap((topic) => topicSample(snapshot, topic, broker, traffic) ?? []),
    remarks: index === 0 ? remarksOf(snapshot) : null,
    notices: traffic.notices,
  }))
}
