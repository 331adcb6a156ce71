import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import { firstProgram } from './first-program.js'
import type { RollDeps } from './roll-deps.js'
import { readService } from './read-service.js'
import { serviceRun, sudoCommand } from './service-manager.js'

/** What a host said before the first stop. */
export interface HostCheck {
  readonly broker: number
  readonly running: boolean
  readonly ageSeconds: number | null
  /** After how long its manager kills what does not stop; null where it does not tell. */
  readonly stopTimeoutMs: number | null
  readonly text: string
}

/** How hosts are checked. `remoteHooks` are the lines that will run there. */
export interface PreflightWish {
  readonly timeoutMs: number
  readonly remoteHooks?: readonly string[]
}

type PreflightDeps = Pick<RollDeps, 'connect' | 'serviceOf'>

async function checkHost(
  deps: PreflightDeps,
  broker: number,
  wish: PreflightWish,
): Promise<HostCheck> {
  const connection = await deps.connect(broker)
  try {
    const service = deps.serviceOf(broker)
    const { state, ageSeconds } = await readService(connection, service, wish.timeoutMs)
    await refuseSudo(connection, [service.stop, service.start], wish)
    await refuseMissingHooks(connection, wish)
    const stopTimeoutMs = state.stopTimeoutMs ?? null
    return { broker, running: state.running, ageSeconds, stopTimeoutMs, text: state.text }
  } finally {
    await connection.close()
  }
}

/** `sudo -l COMMAND` says whether the stop and start lines may be run without a password, and runs nothing. */
async function refuseSudo(
  connection: HostConnection,
  lines: readonly string[],
  { timeoutMs }: PreflightWish,
): Promise<void> {
  for (const command of lines.flatMap((line) => sudoCommand(line) ?? [])) {
    const line = `sudo -n -l ${command}`
    const { exitCode, stderr } = await connection.run(line, serviceRun(line, timeoutMs))
    if (exitCode === 0) continue
    throw new OperatorError({
      code: 'SUDO_REFUSED',
      message: `sudo on ${connection.host} does not let us run without a password: ${command} (${stderr.trim().split('\n').at(-1) ?? ''})`,
      nextSteps: [
        'klinic roll plan --print-sudoers',
        'put its lines into /etc/sudoers.d on that host',
      ],
      exit: 'notAuthorised',
    })
  }
}

/** A hook whose program is not there would be found out with a broker down. */
async function refuseMissingHooks(
  connection: HostConnection,
  { timeoutMs, remoteHooks = [] }: PreflightWish,
): Promise<void> {
  for (const hook of remoteHooks) {
    const program = firstProgram(hook)
    if (program === null) continue
    const { exitCode } = await connection.run(`command -v ${program}`, { timeoutMs })
    if (exitCode === 0) continue
    throw new OperatorError({
      code: 'HOOK_MISSING',
      message: `${connection.host} has no ${program}, with which a hook begins: ${hook}`,
      nextSteps: ['put it there, or run hooks on this host: --local'],
      exit: 'refused',
    })
  }
}

/**
 * Checks every host at once before the first stop: connection, host key, login, status command, sudo, hooks. Throws one
 * error that names every host that failed; nothing was stopped.
 */
export async function preflight(
  deps: PreflightDeps,
  brokers: readonly number[],
  wish: PreflightWish,
): Promise<readonly HostCheck[]> {
  const checks = await Promise.allSettled(brokers.map((broker) => checkHost(deps, broker, wish)))
  const failures = checks.flatMap((check, index) => {
    if (check.status === 'fulfilled') return []
    if (!(check.reason instanceof OperatorError)) throw check.reason
    return [{ broker: brokers[index], error: check.reason }]
  })
  const [first] = failures
  if (first === undefined)
    return checks.flatMap((check) => (check.status === 'fulfilled' ? [check.value] : []))
  if (failures.length === 1) throw first.error
  throw new OperatorError({
    code: first.error.code,
    message: `${failures.length} hosts are not ready; nothing was stopped. ${failures
      .map(({ broker, error }) => `Broker ${broker ?? '?'}: ${error.message}`)
      .join('. ')}`,
    nextSteps: first.error.nextSteps,
    exit: first.error.exit,
  })
}

/** A stop of a busy broker takes minutes; a manager that kills it earlier makes it recover its logs. */
const SHORT_STOP_MS = 180_000

/** One line for each unit whose manager would kill a broker that takes long to stop; null when none does. */
export function describeShortStops(checks: readonly HostCheck[]): string | null {
  const short = checks.filter(
    ({ stopTimeoutMs }) => stopTimeoutMs !== null && stopTimeoutMs < SHORT_STOP_MS,
  )
  if (short.length === 0) return null
  const named = short.map((check) => `${check.broker} (${(check.stopTimeoutMs ?? 0) / 1000} s)`)
  return `the service manager kills a broker that takes longer than this to stop: broker ${named.join(', ')}; raise TimeoutStopSec to 180 s at least`
}
