import type { ExecutionState } from '../execution/reassign/execution-state.js'
import { findExecution, findLast } from '../execution/reassign/take-up.js'
import { openLocalJournals } from './compose-journal.js'
import type { ReadContext } from './read-context.js'

/** The execution of the plan named, or the last one on the cluster that answers, finished or not. */
export async function findExecuted(
  context: ReadContext,
  planId: string | undefined,
): Promise<ExecutionState> {
  const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
  const store = openLocalJournals()
  return planId === undefined ? findLast(store, clusterId) : findExecution(store, clusterId, planId)
}
