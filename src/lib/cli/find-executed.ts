import type { ExecutionState } from '../execution/reassign/execution-state.js'
import { findExecution, findLast } from '../execution/reassign/take-up.js'
import { withJournalsToRead } from './compose-journal.js'
import type { ReadContext } from './read-context.js'

/** The execution of the plan named, or the last one on the cluster that answers, finished or not. */
export async function findExecuted(
  context: ReadContext,
  planId: string | undefined,
  warn: (text: string) => void,
): Promise<ExecutionState> {
  const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
  return withJournalsToRead(context, { warn }, (store) =>
    planId === undefined ? findLast(store, clusterId) : findExecution(store, clusterId, planId),
  )
}
