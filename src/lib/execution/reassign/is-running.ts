import type { Actor } from '../../plan/actor.js'
import type { LockHolder, StoredJournal } from '../../ports/journal.js'
import { foldJournal, isOver, type ExecutionState } from './execution-state.js'

/** Who works on a cluster, as far as could be asked. */
export interface WhoWorks {
  /** Who asks, and where: the lock of this host is that of one user. */
  readonly here: Pick<Actor, 'user' | 'host'>
  /** Who has the lock of this host, and that of all hosts. */
  readonly holders: readonly LockHolder[]
  /** Why the lock of all hosts could not be asked, as a sentence; null: it was. */
  readonly unasked: string | null
}

/** What stands in the journal in place of a fence where only the lock of one host was taken (`--local-lock`). */
export const THIS_HOST_ONLY = 'this host only'

const lastActor = ({ started, takenUp }: ExecutionState): Actor => takenUp?.actor ?? started.actor

/** Whether the lock of all hosts has to be asked: something is unfinished, and it is not what holds the lock of this host. */
export function needsAsking(
  journals: readonly StoredJournal[],
  holders: readonly LockHolder[],
): boolean {
  return journals.some(({ records }) => {
    const state = foldJournal(records)
    if (state === null || isOver(state)) return false
    return !holders.some((holder) => worksOn(holder, state))
  })
}

/** Whether an execution is being worked on now; null where nobody here can tell. */
export function isRunning(state: ExecutionState, who: WhoWorks): boolean | null {
  if (who.holders.some((holder) => worksOn(holder, state))) return true
  if (state.ended !== null) return false
  const { started, takenUp } = state
  const fence = takenUp === null ? started.options['lock'] : takenUp.lock
  if (who.unasked === null && fence !== THIS_HOST_ONLY) return false
  // Whoever works here holds the lock of this host, whatever else it holds.
  const { user, host } = lastActor(state)
  return user === who.here.user && host === who.here.host ? false : null
}

/** By what it says it does; or, where that names no plan (`heal run`), by who wrote to the journal last. */
function worksOn({ host, pid, what }: LockHolder, state: ExecutionState): boolean {
  if (what.split(' ').includes(state.started.plan.id)) return true
  const last = lastActor(state)
  return state.ended === null && last.host === host && last.pid === pid
}
