import type { JsonValue } from '../plan/plan.js'
import type { LockHolder } from './journal.js'

/** The lock of a cluster over all hosts, as this process holds it. */
export interface HeldLock {
  /** The fence: the generation of the group, or the creation zxid of the znode. It stands in the journal. */
  readonly fence: string
  /** One round trip that proves the lock is still ours; throws OperatorError LOCK_LOST (exit 5) when it is not, or cannot be proven. */
  prove(): Promise<void>
  /** Gives it back. Never throws: a lock that cannot be given back runs out by itself. */
  release(): Promise<void>
}

/** A document that outlives a run: maintenance, cooldown, first-seen time, alert already sent. */
export interface StateEntry {
  readonly key: string
  readonly value: JsonValue
  /** When it was written, by the store's clock; Unix milliseconds. */
  readonly writtenAtMs: number
}

/** What outlives a run, for one cluster: few and small documents by key (`maintenance/broker/7`). */
export interface StateStore {
  /** Every entry of this cluster by key, as of now. A store that does not exist yet is empty. */
  read(): Promise<ReadonlyMap<string, StateEntry>>
  /** Writes (or with null removes) entries; resolves when the store has acknowledged them. Creates the store when it is missing. */
  write(changes: ReadonlyMap<string, JsonValue | null>): Promise<void>
}

/**
 * What several hosts agree on, without a server of ours: one lock for each cluster, and state. On Kafka (a consumer group's
 * membership, a compacted topic) or in ZooKeeper (an ephemeral znode, znodes under a chroot of ours).
 */
export interface Coordination {
  /** Who has the cluster's lock, at once; null when nobody does. */
  holder(): Promise<LockHolder | null>
  /** Takes the lock, or tells who has it. Bounded by the connection's time-outs and the group's join delay. */
  lock(holder: LockHolder): Promise<LockHolder | HeldLock>
  /** Takes the lock away from whoever has it, whose next {@link HeldLock.prove} then fails; returns who that was. */
  breakLock(): Promise<LockHolder | null>
  readonly state: StateStore
  close(): Promise<void>
}
