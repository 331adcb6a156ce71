import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import type { ProcessIdentity, ServiceReading } from './read-service.js'
import { isNewProcess, readService } from './read-service.js'
import type { RestartJob, RollDeps, RollTimes } from './roll-deps.js'
import { serviceRun } from './service-manager.js'

/** A start is believed after this many looks in a row, since a JVM may die seconds after the manager said it runs. */
const STEADY_LOOKS = 3
const LOOK_EVERY_MS = 500

function startError(job: RestartJob, message: string): OperatorError {
  return new OperatorError({
    code: 'BROKER_DOWN',
    message: `broker ${job.step.broker} on ${job.step.host} did not come back: ${message}`,
    nextSteps: [
      `look at the broker's log on ${job.step.host}`,
      'klinic roll resume, once it runs again',
    ],
    exit: 'needsPerson',
  })
}

interface Watch {
  seen: ProcessIdentity | null
  answeredLooks: number
  cpuSeconds: number
  progressMs: number
}

/** Tells one look from the next: another process than before is a restart loop, no process after one is a death. */
function judgeLook(watch: Watch, reading: ServiceReading, job: RestartJob, nowMs: number): void {
  const { process } = reading
  if (watch.seen !== null && isNewProcess(watch.seen, process)) {
    const now =
      process === null ? reading.state.text : `its manager started it again as pid ${process.pid}`
    throw startError(job, `process ${watch.seen.pid} died after it was started; ${now}`)
  }
  if (process !== null) watch.seen = process
  const cpu = reading.cpuSeconds ?? 0
  if (cpu > watch.cpuSeconds) {
    watch.cpuSeconds = cpu
    watch.progressMs = nowMs
  }
}

async function issueStart(
  deps: RollDeps,
  connection: HostConnection,
  job: RestartJob,
  times: RollTimes,
): Promise<void> {
  const command = deps.serviceOf(job.step.broker).start
  const started = await connection.run(command, serviceRun(command, times.startTimeoutMs))
  if (started.exitCode === 0) return
  const why = started.timedOut
    ? 'did not end in time'
    : `exited ${started.exitCode ?? 'by a signal'}`
  throw startError(
    job,
    `the start command ${why}: ${started.stderr.trim().split('\n').at(-1) ?? ''}`,
  )
}

/** What a start has to show before it is believed. */
export interface StartWish {
  /** The process that was stopped: the new one must be another. */
  readonly before: ProcessIdentity | null
  readonly times: RollTimes
  /** How old the new process must be while its broker answers. */
  readonly minAgeMs: number
  /** True when somebody has started it already: then it is only watched. */
  readonly isStarted?: boolean
}

/**
 * Starts the service and waits until the same broker answers by itself, from a new process that has stayed for `minAgeMs`.
 * A broker that loads or recovers logs may take as long as it works (its CPU time grows); `startTimeoutMs` is how long it
 * may do nothing.
 */
export async function startBroker(
  deps: RollDeps,
  connection: HostConnection,
  job: RestartJob,
  wish: StartWish,
): Promise<ProcessIdentity> {
  const { times } = wish
  if (wish.isStarted !== true) await issueStart(deps, connection, job, times)
  const startedMs = deps.clock.nowMs()
  const watch: Watch = { seen: null, answeredLooks: 0, cpuSeconds: 0, progressMs: startedMs }
  for (;;) {
    const reading = await readService(
      connection,
      deps.serviceOf(job.step.broker),
      times.remoteTimeoutMs,
    )
    const nowMs = deps.clock.nowMs()
    judgeLook(watch, reading, job, nowMs)
    const process = isNewProcess(wish.before, reading.process) ? reading.process : null
    const answers = process !== null && (await deps.answers(job.step.broker))
    watch.answeredLooks = answers ? watch.answeredLooks + 1 : 0
    const stayed = watch.answeredLooks >= STEADY_LOOKS && nowMs - startedMs >= wish.minAgeMs
    if (process !== null && stayed) return process
    if (!answers && nowMs - watch.progressMs >= times.startTimeoutMs) {
      throw startError(
        job,
        `no answer for ${times.startTimeoutMs / 1000} s (${reading.state.text})`,
      )
    }
    await deps.clock.sleep(LOOK_EVERY_MS)
  }
}
