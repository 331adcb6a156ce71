import { OperatorError } from '../../errors/operator-error.js'
import type { RollDeps } from './roll-deps.js'
import { readService } from './read-service.js'

/** What a host said before the first stop. */
export interface HostCheck {
  readonly broker: number
  readonly running: boolean
  readonly ageSeconds: number | null
  readonly text: string
}

async function checkHost(deps: RollDeps, broker: number, timeoutMs: number): Promise<HostCheck> {
  const connection = await deps.connect(broker)
  try {
    const { state, ageSeconds } = await readService(connection, deps.serviceOf(broker), timeoutMs)
    await refuseSudo(deps, broker, { connection, timeoutMs })
    return { broker, running: state.running, ageSeconds, text: state.text }
  } finally {
    await connection.close()
  }
}

/** `sudo -l COMMAND` says whether the stop and start lines may be run without a password, and runs nothing. */
async function refuseSudo(
  deps: RollDeps,
  broker: number,
  at: { readonly connection: Awaited<ReturnType<RollDeps['connect']>>; readonly timeoutMs: number },
): Promise<void> {
  const { stop, start } = deps.serviceOf(broker)
  for (const line of [stop, start]) {
    const command = /^sudo -n (.*?)(; true)?$/.exec(line)?.[1]
    if (command === undefined) continue
    const { exitCode, stderr } = await at.connection.run(`sudo -n -l ${command}`, {
      timeoutMs: at.timeoutMs,
    })
    if (exitCode === 0) continue
    throw new OperatorError({
      code: 'SUDO_REFUSED',
      message: `sudo on ${at.connection.host} does not let us run without a password: ${command} (${stderr.trim().split('\n').at(-1) ?? ''})`,
      nextSteps: [
        'klinic roll plan --print-sudoers',
        'put its lines into /etc/sudoers.d on that host',
      ],
      exit: 'notAuthorised',
    })
  }
}

/**
 * Checks every host at once before the first stop: connection, host key, login, status command, sudo. Throws one error that
 * names every host that failed; nothing was stopped.
 */
export async function preflight(
  deps: RollDeps,
  brokers: readonly number[],
  timeoutMs: number,
): Promise<readonly HostCheck[]> {
  const checks = await Promise.allSettled(
    brokers.map((broker) => checkHost(deps, broker, timeoutMs)),
  )
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
