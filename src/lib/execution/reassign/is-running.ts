import type { Actor } from '../../plan/actor.js'
import type { LockHolder, StoredJournal } from '../../ports/journal.js'
import { foldJournal, isOver, type ExecutionState } from './execution-state.js'

/** Who works on a cluster, as far as could be asked. */
export interface WhoWorks {
  /** This host, as actors are named after it. */
  readonly here: string
  /** Who has the lock of this host, and that of all hosts. */
  readonly holders: readonly LockHolder[]
  /** Why the lock of all hosts could not be asked, as a sentence; null: it was. */
  readonly unasked: string | null
}

/** What stands in the journal in place of a fence where only the lock of one host was taken (`--local-lock`). */
export const THIS_HOST_ONLY = 'this host only'

const lastActor = ({ started, takenUp }: ExecutionState): Actor => takenUp?.actor ?? started.actor

/** Whether only the lock of all hosts tells who works: something is unfinished that another host had last. */
export function mayRunElsewhere(journals: readonly StoredJournal[], here: string): boolean {
  return journals.some(({ records }) => {
    const state = foldJournal(records)
    return state !== null && !isOver(state) && lastActor(state).host !== here
  })
}

/** Whether an execution is being worked on now; null where nobody here can tell. */
export function isRunning(state: ExecutionState, who: WhoWorks): boolean | null {
  if (who.holders.some((holder) => worksOn(holder, state))) return true
  if (state.ended !== null) return false
  const { started, takenUp } = state
  // Whoever works here holds the lock of this host, whatever else it holds.
  if (lastActor(state).host === who.here) return false
  const fence = takenUp === null ? started.options['lock'] : takenUp.lock
  return fence === THIS_HOST_ONLY || who.unasked !== null ? null : false
}

/** By what it says it does; or, where that names no plan (`heal run`), by who wrote to the journal last. */
function worksOn({ host, pid, what }: LockHolder, state: ExecutionState): boolean {
  if (what.split(' ').includes(state.started.plan.id)) return true
  const last = lastActor(state)
  return state.ended === null && last.host === host && last.pid === pid
}
