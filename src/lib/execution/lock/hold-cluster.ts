import { OperatorError } from '../../errors/operator-error.js'
import type { Actor } from '../../plan/actor.js'
import type { Clock } from '../../ports/clock.js'
import type { Coordination } from '../../ports/coordination.js'
import type { JournalStore, LockHolder } from '../../ports/journal.js'

/** The lock of a cluster as an execution uses it. */
export interface ClusterHold {
  /** The fence as it stands in the journal; null where only this host's lock is held. */
  readonly fence: string | null
  /** Before each change: throws LOCK_LOST (exit 5), or LOCK_UNPROVEN (exit 69) while nobody can say. */
  prove(): Promise<void>
}

/** How the lock over all hosts is come by. */
export type LockChoice =
  | { readonly kind: 'all-hosts'; readonly coordination: Pick<Coordination, 'lock'> }
  /** `--local-lock`: only other processes of this host are kept away. */
  | { readonly kind: 'this-host' }
  /** Held already, for the whole of what a command does: proven, but not taken again. */
  | { readonly kind: 'held'; readonly hold: ClusterHold }

/** What {@link holdCluster} works with. */
export interface HoldInput {
  readonly clusterId: string
  readonly store: Pick<JournalStore, 'lock'>
  readonly actor: Actor
  readonly clock: Pick<Clock, 'nowMs'>
  readonly lock: LockChoice
  /** What it is held for, as others are told: `reassign execute balance-5b1f`. */
  readonly what: string
}

const UNPROVABLE: ClusterHold = { fence: null, prove: () => Promise.resolve() }

/** Runs `work` with the lock of the cluster: this host's first, then that of all hosts. Says who has it (exit 75). */
export async function holdCluster<T>(
  { clusterId, store, actor, clock, lock, what }: HoldInput,
  work: (hold: ClusterHold) => Promise<T>,
): Promise<T> {
  if (lock.kind === 'held') return work(lock.hold)
  const holder: LockHolder = { ...actor, since: new Date(clock.nowMs()).toISOString(), what }
  const release = await store.lock(clusterId, holder)
  if (typeof release !== 'function') throw lockedBy(clusterId, release)
  try {
    if (lock.kind === 'this-host') return await work(UNPROVABLE)
    const taken = await lock.coordination.lock(holder)
    if (!('prove' in taken)) throw lockedBy(clusterId, taken)
    try {
      return await work(taken)
    } finally {
      await taken.release()
    }
  } finally {
    await release()
  }
}

/** The error that says who has the cluster. */
export function lockedBy(clusterId: string, holder: LockHolder): OperatorError {
  const { user, host, pid, what, since } = holder
  return new OperatorError({
    code: 'LOCKED',
    message: `Cluster ${clusterId} is held by ${user}@${host} (process ${pid}, ${what}) since ${since}.`,
    nextSteps: ['klinic lock show', 'klinic reassign status'],
    exit: 'tryLater',
  })
}
