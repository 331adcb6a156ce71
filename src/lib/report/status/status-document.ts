import type { Finding } from '../../model/finding.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type {
  Broker,
  LogDir,
  Partition,
  Snapshot,
  ThrottleEntry,
  ZooKeeperLeftover,
} from '../../model/snapshot.js'

import { isHealthy } from './check-document.js'

/** A broker with what it holds now, a reassignment in flight included. Bytes. */
export interface BrokerStatus {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack?: string
  /** `unreachable` is a broker that is registered and did not answer; `fenced` one without a heartbeat. */
  readonly state: Broker['state'] | 'fenced' | 'unreachable'
  readonly controller: boolean
  readonly replicas: number
  readonly leaders: number
  /** Sizes of the partitions that it holds a replica of. */
  readonly sizeBytes: number
  readonly logDirs?: readonly LogDir[]
}

/** A partition whose replicas are being changed. */
export interface ReassignmentStatus {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

/** What `cluster status --json` prints. */
export interface StatusDocument {
  readonly cluster: Snapshot['cluster']
  readonly capturedAt: string
  readonly healthy: boolean
  readonly totals: {
    readonly brokers: number
    readonly topics: number
    readonly partitions: number
    readonly replicas: number
    readonly sizeBytes: number
  }
  readonly brokers: readonly BrokerStatus[]
  readonly findings: readonly Finding[]
  readonly reassignments: readonly ReassignmentStatus[]
  readonly throttles: readonly ThrottleEntry[]
  readonly zookeeperLeftovers: readonly ZooKeeperLeftover[]
  readonly warnings: readonly string[]
}

/** Brings a snapshot and its findings into the form of the status screen. */
export function describeStatus(snapshot: Snapshot, findings: readonly Finding[]): StatusDocument {
  const partitions = snapshot.topics.flatMap((topic) => topic.partitions)
  const sizes = partitions.map((p) => (p.sizeBytes ?? 0) * p.replicas.length)
  return {
    cluster: snapshot.cluster,
    capturedAt: snapshot.capturedAt,
    healthy: isHealthy(findings),
    totals: {
      brokers: snapshot.brokers.length,
      topics: snapshot.topics.length,
      partitions: partitions.length,
      replicas: partitions.reduce((sum, p) => sum + p.replicas.length, 0),
      sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
    },
    brokers: brokerStatuses(snapshot, partitions),
    findings,
    reassignments: snapshot.topics.flatMap((topic) =>
      topic.partitions.filter(isBeingReassigned).map((p) => ({
        topic: topic.name,
        partition: p.id,
        replicas: p.replicas,
        adding: p.adding ?? [],
        removing: p.removing ?? [],
      })),
    ),
    throttles: snapshot.throttles ?? [],
    zookeeperLeftovers: snapshot.zookeeperLeftovers ?? [],
    warnings: snapshot.warnings ?? [],
  }
}

function brokerStatuses(
  snapshot: Snapshot,
  partitions: readonly Partition[],
): readonly BrokerStatus[] {
  const held = new Map(snapshot.brokers.map((b) => [b.id, { replicas: 0, leaders: 0, bytes: 0 }]))
  for (const partition of partitions) {
    for (const id of partition.replicas) {
      const figures = held.get(id)
      if (figures === undefined) continue
      figures.replicas += 1
      figures.bytes += partition.sizeBytes ?? 0
      if (partition.leader === id) figures.leaders += 1
    }
  }
  return snapshot.brokers.map((broker) => ({
    id: broker.id,
    host: broker.host,
    port: broker.port,
    ...(broker.rack !== undefined && { rack: broker.rack }),
    state: stateOf(broker),
    controller: broker.id === snapshot.cluster.controller,
    replicas: held.get(broker.id)?.replicas ?? 0,
    leaders: held.get(broker.id)?.leaders ?? 0,
    sizeBytes: held.get(broker.id)?.bytes ?? 0,
    ...(broker.logDirs !== undefined && { logDirs: broker.logDirs }),
  }))
}

function stateOf(broker: Broker): BrokerStatus['state'] {
  if (broker.fenced === true) return 'fenced'
  return broker.unreachable === undefined ? broker.state : 'unreachable'
}
