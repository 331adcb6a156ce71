import { topicPartitionKey } from '../../../../src/lib/model/topic-partition.js'
import type { Clock } from '../../../../src/lib/ports/clock.js'
import type { ClusterReader } from '../../../../src/lib/ports/cluster-reader.js'
import type { SimulatedLog } from './simulated-log.js'

/** How a simulated group reads one partition. */
export interface GroupSpec {
  readonly groupId: string
  readonly key: string
  readonly commitEveryMs: number
  readonly commitPhaseMs?: number
  /** Where it starts; default: at the end. */
  readonly startOffset?: number
  /** Most bytes per second that it reads; default: as fast as records come. */
  readonly maxBytesPerSec?: number
  /** At these moments it goes back so many offsets. */
  readonly rewinds?: readonly (readonly [atMs: number, offsets: number])[]
  /** Does a seek commit at once, as kafkajs does? */
  readonly seekCommits?: boolean
  readonly stopsAtMs?: number
}

interface Group extends GroupSpec {
  position: number
  committed: number | undefined
  budget: number
  read: number
}

const TICK_MS = 20

/** A cluster of one broker (and a follower whose logs may be given) in virtual time, with the truth about its traffic. */
export class SimulatedCluster {
  nowMs = 0
  private tickedMs = 0
  readonly logs: ReadonlyMap<string, SimulatedLog>
  private readonly groups: Group[]
  readonly followers: ReadonlyMap<string, SimulatedLog>
  readonly latencyMs: number
  private readonly compacted: ReadonlySet<string>

  constructor(options: {
    readonly logs: readonly SimulatedLog[]
    readonly groups?: readonly GroupSpec[]
    readonly followers?: readonly SimulatedLog[]
    readonly latencyMs?: number
  }) {
    const keyed = (logs: readonly SimulatedLog[]) =>
      new Map(logs.map((log) => [topicPartitionKey(log.spec.topic, log.spec.partition), log]))
    this.logs = keyed(options.logs)
    this.followers = keyed(options.followers ?? [])
    this.latencyMs = options.latencyMs ?? 5
    this.compacted = new Set(
      options.logs.filter((l) => l.spec.compactTo !== undefined).map((l) => l.spec.topic),
    )
    this.groups = (options.groups ?? []).map((spec) => {
      const position = spec.startOffset ?? this.logs.get(spec.key)!.endOffset
      return { ...spec, position, committed: undefined, budget: 0, read: 0 }
    })
  }

  /** Time passes; the cluster moves on a grid of its own, so that no tick is ever skipped. */
  advance(ms: number): void {
    this.nowMs += ms
    while (this.tickedMs + TICK_MS <= this.nowMs) {
      this.tickedMs += TICK_MS
      for (const log of [...this.logs.values(), ...this.followers.values()])
        log.tick(this.tickedMs, TICK_MS)
      for (const group of this.groups) this.consume(group, this.tickedMs)
    }
  }

  private consume(group: Group, nowMs: number): void {
    if (group.stopsAtMs !== undefined && nowMs >= group.stopsAtMs) return
    const log = this.logs.get(group.key)!
    rewind(group, log, nowMs)
    const limit = group.maxBytesPerSec ?? Infinity
    group.budget = Math.min(limit, group.budget + (limit * TICK_MS) / 1000)
    group.position = Math.max(group.position, log.startOffset)
    while (group.position < log.endOffset && (group.budget > 0 || limit === Infinity)) {
      const batch = log.batchAt(group.position)!
      group.position = batch.base + batch.records
      group.read += batch.bytes
      group.budget -= batch.bytes
    }
    const phase = group.commitPhaseMs ?? 0
    if (
      Math.floor((nowMs + phase) / group.commitEveryMs) !==
      Math.floor((nowMs - TICK_MS + phase) / group.commitEveryMs)
    )
      group.committed = group.position
  }

  /** Bytes written to and read from every partition so far. */
  truth(): ReadonlyMap<string, { readonly bytesIn: number; readonly bytesOut: number }> {
    return new Map(
      [...this.logs].map(([key, log]) => {
        const bytesOut = this.groups
          .filter((g) => g.key === key)
          .reduce((sum, g) => sum + g.read, 0)
        return [key, { bytesIn: log.produced, bytesOut }]
      }),
    )
  }

  readonly clock: Clock = {
    nowMs: () => this.nowMs,
    sleep: (ms) => {
      this.advance(ms)
      return Promise.resolve()
    },
  }

  /** A reader of this cluster; what traffic does not ask for is not there. */
  reader(): ClusterReader {
    const replicas = this.followers.size > 0 ? [1, 2] : [1]
    const topics = [...new Set([...this.logs.values()].map((log) => log.spec.topic))]
    const answer = <T>(value: () => T): Promise<T> => {
      this.advance(this.latencyMs)
      return Promise.resolve(value())
    }
    const missing = () => Promise.reject(new Error('not simulated'))
    return {
      readMetadata: () =>
        answer(() => ({
          clusterId: 'simulated',
          mode: 'kraft' as const,
          controllerId: 1,
          brokers: replicas.map((id) => ({ id, host: 'h', port: 9092 })),
          fencedBrokerIds: [],
          topics: topics.map((name) => ({
            name,
            topicId: `id-of-${name}`,
            internal: false,
            partitions: [...this.logs.values()]
              .filter((log) => log.spec.topic === name)
              .map((log) => ({
                id: log.spec.partition,
                leader: 1,
                leaderEpoch: 0,
                replicas,
                isr: replicas,
                offlineReplicas: [],
              })),
          })),
        })),
      readReassignments: () => Promise.resolve([]),
      readConfigs: (resources) =>
        Promise.resolve(
          resources.map((resource) => ({
            resource,
            values: [
              {
                name: 'cleanup.policy',
                value: this.compacted.has(resource.name) ? 'compact' : 'delete',
                source: 'DYNAMIC_TOPIC' as const,
                sensitive: false,
              },
            ],
          })),
        ),
      readLogDirs: ([brokerId]) =>
        answer(() => {
          const logs = brokerId === 1 ? this.logs : this.followers
          const found = [...logs.values()].map((log) => ({
            topic: log.spec.topic,
            partition: log.spec.partition,
            sizeBytes: log.size,
            offsetLag: 0,
            future: false,
          }))
          return [
            { brokerId: brokerId!, ok: true as const, value: [{ path: '/d', replicas: found }] },
          ]
        }),
      readOffsets: (partitions, spec) =>
        answer(() =>
          partitions.map(({ topic, partition }) => {
            const log = this.logs.get(topicPartitionKey(topic, partition))!
            const offset = spec === 'earliest' ? log.startOffset : log.endOffset
            return { topic, partition, ok: true as const, offset, timestampMs: -1 }
          }),
        ),
      readGroups: () =>
        Promise.resolve([
          {
            brokerId: 1,
            ok: true as const,
            value: [...new Set(this.groups.map((g) => g.groupId))].map((groupId) => ({
              groupId,
              state: 'Stable',
              protocolType: 'consumer',
            })),
          },
        ]),
      readCommittedOffsets: (groupIds) =>
        answer(() => ({
          offsets: this.groups
            .filter((g) => groupIds.includes(g.groupId) && g.committed !== undefined)
            .map((g) => {
              const { topic, partition } = this.logs.get(g.key)!.spec
              return { groupId: g.groupId, topic, partition, offset: g.committed! }
            }),
          failures: [],
        })),
      readQuorum: () => Promise.resolve(null),
      readLogEnds: missing,
      pingBroker: missing,
      close: () => Promise.resolve(),
    }
  }
}

function rewind(group: Group, log: SimulatedLog, nowMs: number): void {
  for (const [atMs, offsets] of group.rewinds ?? []) {
    if (!crossed(nowMs, TICK_MS, atMs)) continue
    group.position = Math.max(log.startOffset, group.position - offsets)
    if (group.seekCommits === true) group.committed = group.position
  }
}

function crossed(nowMs: number, stepMs: number, atMs: number): boolean {
  return nowMs >= atMs && nowMs - stepMs < atMs
}
