import type { HostConnection } from '../../ports/hosts.js'
import { drain, giveBack } from './hand-over.js'
import { runHook } from './hooks.js'
import { runHooksWhileDown } from './hooks-while-down.js'
import { readService } from './read-service.js'
import type { RestartJob, RollBaseline, RollDeps, RollOptions } from './roll-deps.js'
import { startBroker } from './start-broker.js'
import { connectSteadily } from './steady-connection.js'
import { stopBroker } from './stop-broker.js'
import { type Down, enter, sickOf, type Turn, whileItMayBeDown } from './turn.js'
import { waitForGate } from './wait-for-gate.js'
import { waitWhileRecovering } from './wait-for-recovery.js'

const RECOVERY_LOOK_EVERY_MS = 1_000

function atGate(turn: Turn): Promise<void> {
  const { deps, baseline, options, job } = turn
  const sick = sickOf(job)
  return waitForGate(deps, baseline, options, {
    broker: job.step.broker,
    nextStop: job.together,
    unclean: false,
    judgeLeaders: sick === undefined,
    avoid: job.together,
    ask: job.restartedBefore,
    interruptible: true,
    ...(sick === undefined ? {} : { sick }),
  })
}

/** Gate, pre-stop hook, gate again: a hook may last an hour, and health is judged as it is just before the stop. */
async function prepare(turn: Turn, connection: HostConnection): Promise<void> {
  const { deps, options, job } = turn
  await enter(turn, 'gate')
  if (sickOf(job) !== undefined) await waitWhileRecovering(deps, connection, job, options.times)
  await atGate(turn)
  if (options.hooks['pre-stop'] === undefined) return
  await enter(turn, 'pre-stop')
  await runHook(deps, options, job, { hook: 'pre-stop', connection })
  await atGate(turn)
}

async function bringDown(turn: Turn, connection: HostConnection): Promise<Down> {
  const { deps, options, job } = turn
  const { times } = options
  const before = await readService(
    connection,
    deps.serviceOf(job.step.broker),
    times.remoteTimeoutMs,
  )
  const drained = await drain(turn, before.process)
  await enter(turn, 'stopping', before.process === null ? {} : { process: before.process })
  const { unclean } = await stopBroker(deps, connection, job, { before, times })
  await enter(turn, 'stopped')
  if (unclean) {
    const text = 'did not stop cleanly: waiting longer before the next'
    deps.say({ type: 'warning', broker: job.step.broker, text })
  }
  return { before: before.process, unclean, drained }
}

/** Starts the broker and waits until it stays. */
export async function bringUp(
  turn: Turn,
  connection: HostConnection,
  down: Down,
  isStarted = false,
): Promise<void> {
  const { deps, options, job } = turn
  const { times } = options
  await enter(turn, 'starting')
  const minAgeMs = down.unclean ? times.stableUncleanMs : times.minUptimeMs
  await startBroker(deps, connection, job, { before: down.before, times, minAgeMs, isStarted })
  await enter(turn, 'started')
}

/** Replicas back in sync, then leaders back. Judged by other brokers than those that just restarted. */
export async function recover(turn: Turn, { unclean, drained }: Down): Promise<void> {
  const { deps, baseline, options, job } = turn
  // One good look is enough here, and worth looking often for: the next gate, or the final one, asks for a row of them.
  const sampleEveryMs = Math.min(options.times.sampleEveryMs, RECOVERY_LOOK_EVERY_MS)
  const times = { ...options.times, samples: 1, stableCleanMs: 0, sampleEveryMs }
  const brief = { ...options, times }
  await waitForGate(deps, baseline, unclean ? options : brief, {
    broker: job.step.broker,
    nextStop: new Set(),
    unclean,
    judgeLeaders: false,
    avoid: job.together,
    ask: [job.step.broker],
    interruptible: false,
  })
  await giveBack(turn, drained)
  await enter(turn, 'recovered')
}

/** The post-start hook; then the broker is done. */
export async function conclude(turn: Turn, connection: HostConnection): Promise<void> {
  const { deps, options, job } = turn
  if (options.hooks['post-start'] !== undefined) await enter(turn, 'post-start')
  await runHook(deps, options, job, { hook: 'post-start', connection })
  await enter(turn, 'done')
}

/** Everything from the gate on, over a connection that is there. */
export async function restart(turn: Turn, connection: HostConnection): Promise<void> {
  await prepare(turn, connection)
  const { down, refusal } = await whileItMayBeDown(turn, async () => {
    const stopped = await bringDown(turn, connection)
    const said = await runHooksWhileDown(turn, connection)
    await bringUp(turn, connection, stopped)
    return { down: stopped, refusal: said }
  })
  await recover(turn, down)
  if (refusal !== null) throw refusal
  await conclude(turn, connection)
}

/**
 * Restarts one broker: gate, pre-stop, gate again, stop, really stopped, pre-start, start, the same broker answers from a
 * new process and stays, replicas in sync, leaders back, post-start. Every phase is journalled before it begins. Throws
 * OperatorError: 6 when a hook said no, 5 when the broker is up, 7 when it is down or a person has to look.
 */
export async function restartBroker(
  deps: RollDeps,
  baseline: RollBaseline,
  options: RollOptions,
  job: RestartJob,
): Promise<void> {
  const connection = await connectSteadily(() => deps.connect(job.step.broker))
  try {
    await restart({ deps, baseline, options, job }, connection)
  } finally {
    await connection.close()
  }
}
