import type { Plan } from '../../plan/plan.js'
import { rollbackOf } from '../../plan/rollback.js'
import type { ExecutionState } from './execution-state.js'

/** The plan that takes back the moves that an execution has done, and no others. */
export function rollbackOfExecution({ started, moves }: ExecutionState): Plan {
  const steps = started.plan.steps.filter(({ id }) => moves.get(id)?.state === 'done')
  return rollbackOf({ ...started.plan, steps })
}
