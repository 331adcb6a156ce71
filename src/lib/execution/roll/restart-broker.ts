import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import type { RestartPhase } from '../../ports/journal.js'
import { runHook } from './hooks.js'
import type { ProcessIdentity } from './read-service.js'
import { isNewProcess, readService } from './read-service.js'
import { returnLeaders } from './return-leaders.js'
import type { RestartJob, RollBaseline, RollDeps, RollOptions } from './roll-deps.js'
import { startBroker } from './start-broker.js'
import { connectSteadily } from './steady-connection.js'
import { stopBroker } from './stop-broker.js'
import { waitForGate } from './wait-for-gate.js'

/** One broker's turn in a roll. */
export interface Turn {
  readonly deps: RollDeps
  readonly options: RollOptions
  readonly baseline: RollBaseline
  readonly job: RestartJob
}

async function enter(
  { deps, job }: Turn,
  phase: RestartPhase,
  process: ProcessIdentity | null = null,
): Promise<void> {
  const { broker } = job.step
  await deps.record({ broker, phase, ...(process === null ? {} : { process }) })
  deps.say({ type: 'phase', broker, phase })
}

function atGate(turn: Turn): Promise<void> {
  const { deps, baseline, options, job } = turn
  return waitForGate(deps, baseline, options, {
    broker: job.step.broker,
    nextStop: job.together,
    unclean: false,
    judgeLeaders: true,
    avoid: job.together,
    ask: job.restartedBefore,
    interruptible: true,
  })
}

/** Gate, pre-stop hook, gate again: a hook may last an hour, and health is judged as it is just before the stop. */
async function prepare(turn: Turn, connection: HostConnection): Promise<void> {
  const { deps, options, job } = turn
  await enter(turn, 'gate')
  await atGate(turn)
  if (options.hooks['pre-stop'] === undefined) return
  await enter(turn, 'pre-stop')
  await runHook(deps, options, job, { hook: 'pre-stop', connection })
  await atGate(turn)
}

/** From the stop on a host that cannot be reached is a broker that may be down: a person has to know. */
async function whileItMayBeDown<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    if (error.exit !== 'unreachable' && error.exit !== 'notAuthorised') throw error
    const { code, message, nextSteps } = error
    throw new OperatorError({
      code,
      message: `broker ${turn.job.step.broker} may be down: ${message}`,
      nextSteps: [...nextSteps, 'klinic roll resume'],
      exit: 'needsPerson',
      cause: error,
    })
  }
}

interface Down {
  readonly before: ProcessIdentity | null
  readonly unclean: boolean
}

async function bringDown(turn: Turn, connection: HostConnection): Promise<Down> {
  const { deps, options, job } = turn
  const { times } = options
  const before = await readService(
    connection,
    deps.serviceOf(job.step.broker),
    times.remoteTimeoutMs,
  )
  await enter(turn, 'stopping', before.process)
  const { unclean } = await stopBroker(deps, connection, job, { before, times })
  await enter(turn, 'stopped')
  if (unclean) {
    const text = 'did not stop cleanly: waiting longer before the next'
    deps.say({ type: 'warning', broker: job.step.broker, text })
  }
  return { before: before.process, unclean }
}

/** Runs the hooks that stand between stop and start; when one fails the broker is started all the same, unless told not to. */
async function runHooksWhileDown(
  turn: Turn,
  connection: HostConnection,
): Promise<OperatorError | null> {
  const { deps, options, job } = turn
  try {
    await runHook(deps, options, job, { hook: 'post-stop', connection })
    if (options.hooks['pre-start'] !== undefined) await enter(turn, 'pre-start')
    await runHook(deps, options, job, { hook: 'pre-start', connection })
    return null
  } catch (error) {
    if (!(error instanceof OperatorError) || options.onPreStartFailure === 'leave') throw error
    return error
  }
}

async function bringUp(
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
async function recover(turn: Turn, unclean: boolean): Promise<void> {
  const { deps, baseline, options, job } = turn
  // One good look is enough here: the next gate, or the final one, asks for a row of them.
  const brief = { ...options, times: { ...options.times, samples: 1, stableCleanMs: 0 } }
  await waitForGate(deps, baseline, unclean ? options : brief, {
    broker: job.step.broker,
    nextStop: new Set(),
    unclean,
    judgeLeaders: false,
    avoid: job.together,
    ask: [job.step.broker],
    interruptible: false,
  })
  if (options.electLeaders) {
    const [snapshot] = await deps.sample(job.together)
    if (snapshot !== undefined) await returnLeaders(deps, snapshot, job.step.broker)
  }
  await enter(turn, 'recovered')
}

async function conclude(turn: Turn, connection: HostConnection): Promise<void> {
  const { deps, options, job } = turn
  if (options.hooks['post-start'] !== undefined) await enter(turn, 'post-start')
  await runHook(deps, options, job, { hook: 'post-start', connection })
  await enter(turn, 'done')
}

async function restart(turn: Turn, connection: HostConnection): Promise<void> {
  await prepare(turn, connection)
  const { down, refusal } = await whileItMayBeDown(turn, async () => {
    const stopped = await bringDown(turn, connection)
    const said = await runHooksWhileDown(turn, connection)
    await bringUp(turn, connection, stopped)
    return { down: stopped, refusal: said }
  })
  await recover(turn, down.unclean)
  if (refusal !== null) throw refusal
  await conclude(turn, connection)
}

/** How long a process that was asked to stop may take to show that it is going. */
const GOING_LOOKS = 20
const GOING_EVERY_MS = 500

/** Watches the process that an interrupted run wanted to stop: still there and answering means it was never stopped. */
async function watchInterrupted(
  turn: Turn,
  connection: HostConnection,
  before: ProcessIdentity | null,
): Promise<'never-stopped' | 'down' | 'started'> {
  const { deps, options, job } = turn
  const service = deps.serviceOf(job.step.broker)
  for (let looks = 0; ; looks++) {
    const { state, process } = await readService(connection, service, options.times.remoteTimeoutMs)
    if (!state.running) return 'down'
    if (isNewProcess(before, process)) return 'started'
    if (looks >= GOING_LOOKS && (await deps.answers(job.step.broker))) return 'never-stopped'
    if (looks * GOING_EVERY_MS >= options.times.stopTimeoutMs) return 'never-stopped'
    await deps.clock.sleep(GOING_EVERY_MS)
  }
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

/**
 * Goes on with a broker that an earlier run had begun to stop: brought up when it is down, only watched when it was started
 * since, and restarted from the gate when its old process still runs. So it restarts exactly once.
 */
export async function finishRestart(turn: Turn, before: ProcessIdentity | null): Promise<void> {
  const { deps, job } = turn
  const connect = (): Promise<HostConnection> => deps.connect(job.step.broker)
  const connection = await whileItMayBeDown(turn, () => connectSteadily(connect))
  try {
    const found = await whileItMayBeDown(turn, () => watchInterrupted(turn, connection, before))
    if (found === 'never-stopped') {
      await restart(turn, connection)
      return
    }
    await whileItMayBeDown(turn, () =>
      bringUp(turn, connection, { before, unclean: true }, found === 'started'),
    )
    await recover(turn, true)
    await conclude(turn, connection)
  } finally {
    await connection.close()
  }
}
