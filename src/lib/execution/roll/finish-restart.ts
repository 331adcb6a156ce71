import type { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import { giveBack } from './hand-over.js'
import { runHooksWhileDown } from './hooks-while-down.js'
import type { ProcessIdentity } from './read-service.js'
import { isNewProcess, readService } from './read-service.js'
import { bringUp, conclude, recover, restart } from './restart-broker.js'
import { connectSteadily } from './steady-connection.js'
import { type Down, type Turn, whileItMayBeDown } from './turn.js'

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

/** How far a broker that was interrupted is taken: to its end, or only until it is up. */
export type Finishing = 'go-on' | 'heal' | 'give-up'

/** Hooks of an earlier run that said no, and that this run still has: the broker was started without what they do. */
function refusedHooks({ options, job }: Turn): readonly string[] {
  const { isStartBegun = false, refused = [] } = job.hooksBefore ?? {}
  const has = (name: string): boolean => Object.entries(options.hooks).some(([own]) => own === name)
  return isStartBegun ? refused.filter(has) : []
}

/** A broker that was stopped and not yet started gets the hooks that are still to run. */
async function bringUpAnew(
  turn: Turn,
  connection: HostConnection,
  { down, isStarted, withHooks }: { down: Down; isStarted: boolean; withHooks: boolean },
): Promise<OperatorError | null> {
  const { isStartBegun = false, ranWell = [] } = turn.job.hooksBefore ?? {}
  const areDue = withHooks && !isStarted && !isStartBegun
  const refusal = areDue ? await runHooksWhileDown(turn, connection, ranWell) : null
  await bringUp(turn, connection, down, isStarted)
  return refusal
}

/**
 * Goes on with a broker that an earlier run had begun to stop: brought up when it is down (behind the hooks that had not run
 * yet), only watched when it was started since, and restarted from the gate when its old process still runs. So it restarts
 * exactly once; twice only when it was started although a hook had said no, because nothing that the hook does is in it.
 * To `heal` nothing but what is down is touched; to `give-up` no hook runs either. False: the broker still has to restart.
 */
export async function finishRestart(
  turn: Turn,
  before: ProcessIdentity | null,
  how: Finishing = 'go-on',
): Promise<boolean> {
  const { deps, job } = turn
  const connect = (): Promise<HostConnection> => deps.connect(job.step.broker)
  const connection = await whileItMayBeDown(turn, () => connectSteadily(connect))
  try {
    const found = await whileItMayBeDown(turn, () => watchInterrupted(turn, connection, before))
    if (found === 'never-stopped') {
      if (how === 'go-on') await restart(turn, connection)
      else await giveBack(turn, job.drained ?? [])
      return how === 'go-on'
    }
    const down = { before, unclean: true, drained: job.drained ?? [] }
    const wish = { down, isStarted: found === 'started', withHooks: how !== 'give-up' }
    const refusal = await whileItMayBeDown(turn, () => bringUpAnew(turn, connection, wish))
    await recover(turn, down)
    if (refusal !== null) throw refusal
    const refused = how === 'give-up' ? [] : refusedHooks(turn)
    if (refused.length === 0) await conclude(turn, connection)
    else if (how === 'go-on') await restartOnceMore(turn, connection, refused)
    return refused.length === 0 || how === 'go-on'
  } finally {
    await connection.close()
  }
}

async function restartOnceMore(
  turn: Turn,
  connection: HostConnection,
  refused: readonly string[],
): Promise<void> {
  const text = `was started although its ${refused.join(' and ')} hook had said no: restarts once more, with it`
  turn.deps.say({ type: 'warning', broker: turn.job.step.broker, text })
  await restart(turn, connection)
}
