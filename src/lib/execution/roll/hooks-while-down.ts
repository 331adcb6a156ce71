import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import { runHook } from './hooks.js'
import type { RestartJob } from './roll-deps.js'
import { enter, type Turn } from './turn.js'

/** Left down: whatever the hook said, a broker that is down needs a person. */
function leftDown(job: RestartJob, why: string, cause: OperatorError): OperatorError {
  const { code, nextSteps } = cause
  return new OperatorError({
    code,
    message: `broker ${job.step.broker} is left down${why}`,
    nextSteps,
    exit: 'needsPerson',
    cause,
  })
}

/** Has the operator's own command undo what the hooks did. Where it fails, nobody knows what would be started. */
async function rollBack(
  { deps, options, job }: Turn,
  connection: HostConnection,
  refusal: OperatorError,
): Promise<OperatorError> {
  try {
    await runHook(deps, options, job, { hook: 'rollback', connection })
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    throw leftDown(job, `: ${refusal.message}; then ${error.message}`, error)
  }
  const { code, message, nextSteps, exit } = refusal
  const undone = `${message}; the rollback command ended well, and the broker was started`
  return new OperatorError({ code, message: undone, nextSteps, exit, cause: refusal })
}

/**
 * Runs the hooks that stand between stop and start, but those of `skip`. When one fails the broker is started all the same,
 * unless it is to be left down: the refusal comes back, to be thrown once the broker is well.
 */
export async function runHooksWhileDown(
  turn: Turn,
  connection: HostConnection,
  skip: readonly string[] = [],
): Promise<OperatorError | null> {
  const { deps, options, job } = turn
  try {
    if (!skip.includes('post-stop'))
      await runHook(deps, options, job, { hook: 'post-stop', connection })
    if (skip.includes('pre-start') || options.hooks['pre-start'] === undefined) return null
    await enter(turn, 'pre-start')
    await runHook(deps, options, job, { hook: 'pre-start', connection })
    return null
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    if (options.onPreStartFailure === 'leave')
      throw leftDown(job, `, as asked: ${error.message}`, error)
    if (options.onPreStartFailure === 'rollback') return rollBack(turn, connection, error)
    return error
  }
}
