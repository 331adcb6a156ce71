import type { BalancedResource, BrokerLoad } from '../model/broker-load.js'
import type { Finding } from '../model/finding.js'
import type { BrokerState, Capacity, TrafficOrigin } from '../model/snapshot.js'

export type { BrokerLoad } from '../model/broker-load.js'
export type { Finding } from '../model/finding.js'

/** What a plan is for; also the first word of its id. */
export type PlanKind =
  | 'heal'
  | 'balance'
  | 'drain'
  | 'decommission'
  | 'leader'
  | 'rack'
  | 'replication'
  | 'roll'
  | 'rollback'
  | 'import'

/** Why something is done or not done: a stable code for scripts and a sentence for people. */
export interface Reason {
  readonly code: string
  readonly text: string
}

/**
 * Changes a replica list from `from` to `to`, in order; an election follows when `to[0]` does not lead already. With `leader`
 * the broker named there leads before and goes on leading: only the order of the list changes, and nothing is elected.
 */
export interface ReassignStep {
  readonly id: number
  readonly type: 'reassign'
  readonly topic: string
  readonly topicId?: string
  readonly partition: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Size on disk times the number of new replicas. */
  readonly bytesToMove: number
  readonly changesReplicationFactor?: true
  /** Who leads at the end, where that is not the first of `to`: a rollback brings such a leader back, too. */
  readonly leader?: number
  readonly reason: Reason
  /** What the step gains, in one sentence with figures. */
  readonly gain?: string
}

/** Makes `to`, a member of `replicas`, the leader: it moves to the front, the others keep their order. No data moves. */
export interface LeaderStep {
  readonly id: number
  readonly type: 'leader'
  readonly topic: string
  readonly topicId?: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly from: number | null
  readonly to: number
  readonly bytesToMove: 0
  readonly reason: Reason
  readonly gain?: string
}

/** Restarts one broker (roll plans); brokers of the same `batch` may be down together. */
export interface RestartStep {
  readonly id: number
  readonly type: 'restart'
  readonly broker: number
  /** Empty for a controller whose host the cluster does not tell: then the inventory has to. */
  readonly host: string
  /** A node of the KRaft quorum that is no broker. */
  readonly role?: 'controller'
  readonly batch: number
  readonly reason: Reason
  readonly rack?: string
  /** Partitions that it leads and replicas that it holds, when planned. */
  readonly leaders: number
  readonly replicas: number
  /** Partitions that its stop makes unavailable or leaves below min ISR, accepted by a flag. */
  readonly partitionsAtRisk: number
  /** The smallest in-sync set, over the partitions it holds, once its batch has stopped; absent when it holds none. */
  readonly lowestIsrAfterStop?: number
}

/** A step that changes a partition. */
export type PartitionStep = ReassignStep | LeaderStep

/** Any step of a plan. */
export type Step = PartitionStep | RestartStep

/** A wanted change that the plan leaves out, and the rule that stood in the way. */
export interface Deferred {
  readonly subject: string
  readonly reason: Reason
  /** The flag that lifts the rule, where one does. */
  readonly override?: string
}

/** One broker before and after the plan. */
export interface BrokerChange {
  readonly id: number
  readonly rack?: string
  /** Left out when alive. */
  readonly state?: Exclude<BrokerState, 'alive'>
  readonly capacity?: Capacity
  readonly before: BrokerLoad
  readonly after: BrokerLoad
  /** Most bytes on disk while old and new copies both exist, if everything moved at once. */
  readonly peakDiskBytes?: number
}

/** Busiest broker against the mean, as shares of capacity; 1 is perfectly even. */
export interface ResourceBalance {
  readonly resource: BalancedResource
  readonly maxOverMeanBefore: number
  readonly maxOverMeanAfter: number
}

/** The plan in figures. */
export interface PlanSummary {
  readonly replicaMoves: number
  readonly leaderMoves: number
  readonly bytesToMove: number
  /** Bytes of new replicas whose rack held no replica of the partition before. */
  readonly bytesAcrossRacks?: number
  /** A proven lower bound of the bytes that any plan with the same goal must move, where it is cheap to have. */
  readonly lowerBoundBytes?: number
  /** How long a roll will take, from what earlier restarts took on this host. */
  readonly etaSeconds?: number
  readonly balance?: readonly ResourceBalance[]
  readonly brokers: readonly BrokerChange[]
}

/** What came out: `refused` plans have no steps and are never written to a file. */
export type PlanOutcome = 'no-changes' | 'changes' | 'refused'

/** A JSON value: what the recorded policy of a plan is made of. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** The plan document, `klinic.plan/1`. Same input, same bytes: no clock and no chance goes in. */
export interface Plan {
  readonly format: 'klinic.plan/1'
  /** `<kind>-<first 8 hex digits of a SHA-256 over the canonical content without the id>`. */
  readonly id: string
  readonly kind: PlanKind
  readonly outcome: PlanOutcome
  /** False when something that was wanted had to be left out. */
  readonly complete: boolean
  /** The snapshot's `capturedAt`. */
  readonly createdAt: string
  /** Where the traffic figures come from; absent when none were known. */
  readonly traffic?: TrafficOrigin
  readonly cluster: {
    readonly id: string
    readonly name?: string
    /** `sha256:<hex>` over cluster id and topic id and ordered replica list of the partitions of the steps. */
    readonly fingerprint: string
  }
  readonly policy: Readonly<Record<string, JsonValue>>
  readonly steps: readonly Step[]
  readonly deferred: readonly Deferred[]
  readonly findings: readonly Finding[]
  readonly summary: PlanSummary
}

/** What a planner hands over; `assemblePlan` adds format, id and fingerprint. */
export type PlanDraft = Omit<Plan, 'format' | 'id' | 'cluster' | 'createdAt' | 'traffic'>
