import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection, RemoteResult } from '../../ports/hosts.js'
import type { RestartJob, RollDeps, RollTimes } from './roll-deps.js'
import type { ProcessIdentity, ServiceReading } from './read-service.js'
import { readService } from './read-service.js'

/** How a stop went. Unclean: the manager killed it, so others may believe in it for as long as its session lasts. */
export interface StopResult {
  readonly before: ProcessIdentity | null
  readonly unclean: boolean
}

function stopError(job: RestartJob, message: string, stillUp: boolean): OperatorError {
  return new OperatorError({
    code: stillUp ? 'STOP_TIMED_OUT' : 'STOP_FAILED',
    message: `broker ${job.step.broker} on ${job.step.host}: ${message}`,
    nextSteps: stillUp
      ? [
          `look at ${job.step.host}: the broker is still running and was asked to stop`,
          'klinic roll resume',
        ]
      : [`look at ${job.step.host}`, 'klinic roll resume'],
    exit: stillUp ? 'needsPerson' : 'stoppedHalfWay',
  })
}

function refusedSudo(result: RemoteResult): boolean {
  return /a password is required|not allowed to execute|no tty present/i.test(result.stderr)
}

/**
 * The command itself may hang while the broker stops, or return long before: what counts is that the process is gone. One
 * deadline holds for both. Whether it was killed is read from the manager's own verdict.
 */
async function waitUntilGone(
  deps: RollDeps,
  connection: HostConnection,
  job: RestartJob,
  call: { readonly before: ServiceReading; readonly times: RollTimes; readonly deadlineMs: number },
): Promise<ServiceReading> {
  const service = deps.serviceOf(job.step.broker)
  for (;;) {
    const now = await readService(connection, service, call.times.remoteTimeoutMs)
    if (!now.state.running) return now
    if (deps.clock.nowMs() >= call.deadlineMs) {
      const pid = now.process === null ? '' : ` (pid ${now.process.pid})`
      throw stopError(
        job,
        `still running${pid} after ${call.times.stopTimeoutMs / 1000} s: ${now.state.text}`,
        true,
      )
    }
    await deps.clock.sleep(250)
  }
}

/** Stops the broker's service and waits until its process is really gone. Throws when it is not, in time. */
export async function stopBroker(
  deps: RollDeps,
  connection: HostConnection,
  job: RestartJob,
  times: RollTimes,
): Promise<StopResult> {
  const service = deps.serviceOf(job.step.broker)
  const before = await readService(connection, service, times.remoteTimeoutMs)
  if (!before.state.running) {
    deps.say({
      type: 'warning',
      broker: job.step.broker,
      text: `was not running: ${before.state.text}`,
    })
    return { before: null, unclean: true }
  }
  const deadlineMs = deps.clock.nowMs() + times.stopTimeoutMs
  const stopping = connection.run(service.stop, { timeoutMs: times.stopTimeoutMs })
  const outcome = await Promise.race([
    stopping,
    waitUntilGone(deps, connection, job, { before, times, deadlineMs }),
  ])
  if ('exitCode' in outcome && outcome.exitCode !== 0 && !outcome.timedOut) {
    const after = await readService(connection, service, times.remoteTimeoutMs)
    const why = outcome.stderr.trim().split('\n').at(-1) ?? ''
    const sudo = refusedSudo(outcome) ? ' (sudo refused it)' : ''
    if (after.state.running)
      throw stopError(
        job,
        `the stop command exited ${outcome.exitCode ?? 'by a signal'}${sudo}: ${why}`,
        false,
      )
  }
  const gone = await waitUntilGone(deps, connection, job, { before, times, deadlineMs })
  const unclean = gone.state.lastResult === 'timeout' || gone.state.lastResult === 'signal'
  return { before: before.process, unclean }
}
