import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection, RemoteResult } from '../../ports/hosts.js'
import type { RestartJob, RollDeps, RollTimes } from './roll-deps.js'
import type { ServiceReading } from './read-service.js'
import { readService } from './read-service.js'
import { serviceRun } from './service-manager.js'

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

/** A stop command that failed while the broker runs on did nothing: that is no reason to wait for its deadline. */
async function refuseFailedStop(
  deps: RollDeps,
  connection: HostConnection,
  job: RestartJob,
  call: { readonly outcome: RemoteResult; readonly times: RollTimes },
): Promise<void> {
  const { outcome, times } = call
  const after = await readService(
    connection,
    deps.serviceOf(job.step.broker),
    times.remoteTimeoutMs,
  )
  if (!after.state.running) return
  const why = outcome.stderr.trim().split('\n').at(-1) ?? ''
  const sudo = refusedSudo(outcome) ? ' (sudo refused it)' : ''
  throw stopError(
    job,
    `the stop command exited ${outcome.exitCode ?? 'by a signal'}${sudo}: ${why}`,
    false,
  )
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
  call: { readonly before: ServiceReading; readonly times: RollTimes },
): Promise<{ readonly unclean: boolean }> {
  const { before, times } = call
  const service = deps.serviceOf(job.step.broker)
  if (!before.state.running) {
    deps.say({
      type: 'warning',
      broker: job.step.broker,
      text: `was not running: ${before.state.text}`,
    })
    return { unclean: true }
  }
  const deadlineMs = deps.clock.nowMs() + times.stopTimeoutMs
  const gone = waitUntilGone(deps, connection, job, { before, times, deadlineMs })
  const stopping = connection.run(service.stop, serviceRun(service.stop, times.stopTimeoutMs))
  // Whichever is not waited for any more may still fail, when the connection is closed: nobody has to hear of that.
  stopping.catch(() => undefined)
  gone.catch(() => undefined)
  const outcome = await Promise.race([stopping, gone])
  if ('exitCode' in outcome && outcome.exitCode !== 0 && !outcome.timedOut) {
    await refuseFailedStop(deps, connection, job, { outcome, times })
  }
  const { state } = await gone
  return { unclean: state.lastResult === 'timeout' || state.lastResult === 'signal' }
}
