import { OperatorError } from '../../errors/operator-error.js'
import type { Plan } from '../../plan/plan.js'
import { rollbackOf } from '../../plan/rollback.js'
import type { MoveRecord } from '../../ports/journal.js'
import { ALREADY_DONE, mayBeUnderWay, type ExecutionState } from './execution-state.js'

function refuseUnderWay({ started, moves }: ExecutionState): void {
  const open = [...moves.values()].filter(({ state }) => mayBeUnderWay(state)).length
  if (open === 0) return
  const { id } = started.plan
  throw new OperatorError({
    code: 'MOVES_UNDER_WAY',
    message: `${open} moves of plan ${id} may still be under way: what they come to has to be seen before it is taken back`,
    nextSteps: [`klinic reassign resume ${id}`, `klinic reassign cancel ${id}`],
    exit: 'tryLater',
  })
}

/** The foretold figures are those of the whole plan: for a part of it they would be wrong, so they are left out. */
function withoutForecast(plan: Plan): Plan {
  const { replicaMoves, leaderMoves, bytesToMove } = plan.summary
  return { ...plan, summary: { replicaMoves, leaderMoves, bytesToMove, brokers: [] } }
}

/** What somebody else had moved there before is theirs, and stays. */
const isOurs = (move: MoveRecord | undefined): boolean =>
  move?.state === 'done' && move.reason?.code !== ALREADY_DONE

/**
 * The plan that takes back the moves that an execution has done, and no others. OperatorError (75) while some may still be
 * under way.
 */
export function rollbackOfExecution(state: ExecutionState): Plan {
  refuseUnderWay(state)
  const { plan } = state.started
  const steps = plan.steps.filter(({ id }) => isOurs(state.moves.get(id)))
  const isWhole = steps.length === plan.steps.length
  return rollbackOf({ ...(isWhole ? plan : withoutForecast(plan)), steps })
}
