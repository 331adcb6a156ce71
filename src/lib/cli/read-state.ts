import { NO_MAINTENANCE, viewState, type StateView } from '../coordination/view-state.js'
import { OperatorError } from '../errors/operator-error.js'
import type { ReadContext } from './read-context.js'

/** What hosts have agreed on, as of now. Throws an OperatorError when it cannot be read; nothing written yet is empty. */
export function readState(
  context: Pick<ReadContext, 'withState' | 'clock'>,
  clusterId: string,
): Promise<StateView> {
  return context.withState(clusterId, async (state) =>
    viewState(await state.read(), context.clock.nowMs()),
  )
}

/** The state, or why there is none to go by. */
export interface StateOrWhy {
  readonly state: Pick<StateView, 'maintenance' | 'unreadable'>
  /** Null when it was read. */
  readonly unread: OperatorError | null
}

/** The same for those who go on without it: what cannot be read is a fact to be told, or to be refused for. */
export async function tryReadState(
  context: Pick<ReadContext, 'withState' | 'clock'>,
  clusterId: string,
): Promise<StateOrWhy> {
  try {
    return { state: await readState(context, clusterId), unread: null }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { state: { maintenance: NO_MAINTENANCE, unreadable: [] }, unread: error }
  }
}
