import type { ClusterHold, LockChoice } from '../execution/lock/hold-cluster.js'
import { currentActor, openLocalJournals } from './compose-journal.js'
import type { WriteContext } from './write-context.js'

/** What a command wants of the lock: `--local-lock`, one that it holds already, or (undefined) that of all hosts. */
export interface LockWish {
  readonly localOnly?: boolean | undefined
  readonly held?: ClusterHold | undefined
}

/** Where the lock is. */
export interface LockPlace {
  readonly context: Pick<WriteContext, 'withCoordination' | 'clock'>
  readonly clusterId: string
  readonly wish: LockWish
}

/** Runs `use` with the lock to be taken; what it takes for that is closed afterwards. */
export function withLockChoice<T>(
  { context, clusterId, wish }: LockPlace,
  use: (lock: LockChoice) => Promise<T>,
): Promise<T> {
  if (wish.held !== undefined) return use({ kind: 'held', hold: wish.held })
  if (wish.localOnly === true) return use({ kind: 'this-host' })
  return context.withCoordination(clusterId, (coordination) =>
    use({ kind: 'all-hosts', coordination }),
  )
}

/** Runs `work` with the lock of the cluster, for commands that do several things under it; `what` is told to others. */
export function underClusterLock<T>(
  place: LockPlace & { readonly what: string },
  work: (hold: ClusterHold) => Promise<T>,
): Promise<T> {
  const { clusterId, what, context } = place
  return withLockChoice(place, async (lock) => {
    const { holdCluster } = await import('../execution/lock/hold-cluster.js')
    const store = openLocalJournals()
    const actor = currentActor()
    return holdCluster({ clusterId, store, actor, clock: context.clock, lock, what }, work)
  })
}

/** Refuses at once (exit 75) while somebody works on the cluster, here or on another host: their moves are no news. */
export async function refuseWhileHeld({ context, clusterId, wish }: LockPlace): Promise<void> {
  if (wish.held !== undefined) return
  const { lockedBy } = await import('../execution/lock/hold-cluster.js')
  const here = await openLocalJournals().holder(clusterId)
  if (here !== null) throw lockedBy(clusterId, here)
  if (wish.localOnly === true) return
  const anywhere = await context.withCoordination(clusterId, (coordination) =>
    coordination.holder(),
  )
  if (anywhere !== null) throw lockedBy(clusterId, anywhere)
}
