import type { HostConnection } from '../../ports/hosts.js'
import { giveBack } from './hand-over.js'
import type { ProcessIdentity } from './read-service.js'
import { isNewProcess, readService } from './read-service.js'
import { bringUp, conclude, recover, restart } from './restart-broker.js'
import { connectSteadily } from './steady-connection.js'
import { type Turn, whileItMayBeDown } from './turn.js'

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
 * Goes on with a broker that an earlier run had begun to stop: brought up when it is down, only watched when it was started
 * since, and restarted from the gate when its old process still runs. So it restarts exactly once. Without `mayRestart` a
 * broker that was never stopped is left as it is.
 */
export async function finishRestart(
  turn: Turn,
  before: ProcessIdentity | null,
  mayRestart = true,
): Promise<void> {
  const { deps, job } = turn
  const connect = (): Promise<HostConnection> => deps.connect(job.step.broker)
  const connection = await whileItMayBeDown(turn, () => connectSteadily(connect))
  try {
    const found = await whileItMayBeDown(turn, () => watchInterrupted(turn, connection, before))
    if (found === 'never-stopped') {
      if (mayRestart) await restart(turn, connection)
      else await giveBack(turn, job.drained ?? [])
      return
    }
    const down = { before, unclean: true, drained: job.drained ?? [] }
    await whileItMayBeDown(turn, () => bringUp(turn, connection, down, found === 'started'))
    await recover(turn, down)
    await conclude(turn, connection)
  } finally {
    await connection.close()
  }
}
