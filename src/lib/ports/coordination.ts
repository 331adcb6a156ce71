import type { JsonValue } from '../plan/plan.js'
import type { LockHolder } from './journal.js'

/** The lock of a cluster over all hosts, as this process holds it. */
export interface HeldLock {
  /** The fence: the generation of the group, or the creation zxid of the znode. It stands in the journal. */
  readonly fence: string
  /**
   * One round trip that proves the lock is still ours. Throws OperatorError LOCK_LOST (exit 5) when it is not: nothing may
   * be changed any more. Throws LOCK_UNPROVEN (exit 69) when nobody answers: nothing may be changed for now.
   */
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

/** The readable side of what outlives a run: all that a plan command is given. */
export interface StateReader {
  /** Every entry of this cluster by key, as of now. A store that does not exist yet is empty. */
  read(): Promise<ReadonlyMap<string, StateEntry>>
}

/** What outlives a run, for one cluster: few and small documents by key (`maintenance/broker/7`). */
export interface StateStore extends StateReader {
  /** Writes (or with null removes) entries; resolves when the store has acknowledged them. Creates the store when it is missing. */
  write(changes: ReadonlyMap<string, JsonValue | null>): Promise<void>
}

/** Tells processes of this host apart, so that the lock of one that is gone does not have to run out. */
export interface ProcessWitness {
  /** Names this process and its machine, for {@link ProcessWitness.isGone} of another process to judge. */
  readonly mine: string
  /** True only for a process that surely ran on this very machine and is gone. */
  isGone(witness: string): Promise<boolean>
}

/**
 * What several hosts agree on, without a server of ours: one lock for each cluster, and state. On Kafka (a consumer group's
 * membership, a compacted topic) or in ZooKeeper (an ephemeral znode, znodes under a chroot of ours).
 */
export interface Coordination {
  /** Who has the cluster's lock, at once; null when nobody does, or a process of this host that is gone. */
  holder(): Promise<LockHolder | null>
  /** Takes the lock, or tells who has it. Bounded by the connection's time-outs and the group's join delay. */
  lock(holder: LockHolder): Promise<LockHolder | HeldLock>
  /** Takes the lock away from whoever has it, whose next {@link HeldLock.prove} then fails; returns who that was. */
  breakLock(): Promise<LockHolder | null>
  readonly state: StateStore
  close(): Promise<void>
}
