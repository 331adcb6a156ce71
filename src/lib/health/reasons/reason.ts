/** Why a replica is out of sync or offline. */
export const REPLICA_REASONS = [
  'FOLLOWER_FAILURE',
  'LEADER_FAILURE',
  'NO_LEADER',
  'FOLLOWER_NETWORK_SATURATED',
  'LEADER_NETWORK_SATURATED',
  'DEGRADED_HARDWARE',
  'REASSIGNMENT_IN_PROGRESS',
  'RESTART_IN_PROGRESS',
  'UNKNOWN',
] as const

/** One of them. */
export type ReasonCode = (typeof REPLICA_REASONS)[number]

/** The rate that was held against a limit. Bytes per second. */
export interface Measured {
  readonly resource: 'in' | 'out'
  readonly bytesPerSec: number
  readonly limitBytesPerSec: number
  /** ISO 8601: the end of the interval that was measured. */
  readonly at: string
}

/** A reason, the same for many replicas: whose fault it is, since when, with the figures it rests on. */
export interface Cause {
  readonly code: ReasonCode
  /** The broker at fault; for NO_LEADER and UNKNOWN the one that holds the replica. */
  readonly blamed: number
  /** One clause with figures, to stand behind a colon. */
  readonly text: string
  readonly since?: string
  readonly measured?: Measured
}

/** A replica that is out of sync or offline, and why. */
export interface ReplicaReason {
  /** `orders-3` */
  readonly subject: string
  readonly broker: number
  readonly leader: number | null
  readonly cause: Cause
}

/** What may be done about it, as commands and sentences. */
export const NEXT_STEPS: Readonly<Record<ReasonCode, readonly string[]>> = {
  FOLLOWER_FAILURE: ['klinic heal plan'],
  LEADER_FAILURE: ['look at the leader: klinic cluster check names what speaks against it'],
  NO_LEADER: ['bring its brokers back: an unclean election would lose data'],
  FOLLOWER_NETWORK_SATURATED: ['klinic balance plan, or give the follower more bandwidth'],
  LEADER_NETWORK_SATURATED: ['klinic leader plan, or klinic balance plan'],
  DEGRADED_HARDWARE: ['look at its disks, or klinic heal plan'],
  REASSIGNMENT_IN_PROGRESS: ['klinic reassign status'],
  RESTART_IN_PROGRESS: ['wait, and look again'],
  UNKNOWN: ['look into the logs of follower and leader for this partition'],
}
