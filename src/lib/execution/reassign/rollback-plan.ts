import { OperatorError } from '../../errors/operator-error.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { PartitionStep, Plan } from '../../plan/plan.js'
import { rollbackOf } from '../../plan/rollback.js'
import { listAfter, listBefore, sameList, stepsOf } from '../../plan/step-lists.js'
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

/**
 * What was done of a step, as a step; null for nothing. A list that was there before is not ours and stays, but where we had
 * its first replica elected, the leader is.
 */
function madeOf(
  step: PartitionStep,
  { moves, elected, started }: ExecutionState,
): PartitionStep | null {
  const move = moves.get(step.id)
  if (move?.state !== 'done') return null
  if (move.reason?.code !== ALREADY_DONE) return step
  const replicas = listAfter(step)
  const [to] = replicas
  if (to === undefined || !elected.has(step.id)) return null
  if (step.type === 'leader') return { ...step, replicas, to }
  const { id, topic, topicId, partition, reason } = step
  const isKnown = started.leaders?.[topicPartitionKey(topic, partition)] !== undefined
  if (!isKnown) return null
  return {
    ...{ id, topic, ...(topicId !== undefined && { topicId }), partition, reason },
    ...{ type: 'leader', replicas, from: null, to, bytesToMove: 0 },
  }
}

/** Whether a step was made just as it stands in the plan. */
const isWhole = (step: PartitionStep, made: PartitionStep | null): boolean =>
  made !== null && sameList(listBefore(step), listBefore(made))

/**
 * The plan that takes back what an execution has done, and nothing else: lists and leaders. OperatorError (75) while some
 * moves may still be under way.
 */
export function rollbackOfExecution(state: ExecutionState): Plan {
  refuseUnderWay(state)
  const { plan, leaders = {} } = state.started
  const made = stepsOf(plan).map((step) => ({ step, made: madeOf(step, state) }))
  const steps = made.flatMap((one) => (one.made === null ? [] : [one.made]))
  const all = made.every((one) => isWhole(one.step, one.made))
  return rollbackOf(
    { ...(all ? plan : withoutForecast(plan)), steps },
    new Map(Object.entries(leaders)),
  )
}
