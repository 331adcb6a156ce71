import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import type { ServiceCommands } from './service-manager.js'
import { serviceRun } from './service-manager.js'
import type { ServiceState } from './service-state.js'
import { sanitiseLine } from '../../units/terminal-text.js'

/** A broker's process: its id, and its start in clock ticks since boot, which together name it for ever. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTicks: string
}

/** What a service is doing, with the identity of its process where it has one. */
export interface ServiceReading {
  readonly state: ServiceState
  readonly process: ProcessIdentity | null
  /** Seconds since the process started; null when unknown. */
  readonly ageSeconds: number | null
  /** CPU seconds used so far: a JVM that loads or recovers logs uses some, a hung one none. */
  readonly cpuSeconds: number | null
}

/** Field 22 of /proc/PID/stat, counted behind the last parenthesis since a command name may hold anything (proc(5)). */
function startTicksOf(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[19] ?? null
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text)
  return text === undefined || text === '' || Number.isNaN(number) ? null : number
}

/** Reads `ps -o etimes=,times=` (seconds since start, CPU seconds) and /proc/PID/stat in one remote call. */
async function readProcess(
  connection: HostConnection,
  pid: number,
  timeoutMs: number,
): Promise<Omit<ServiceReading, 'state'>> {
  const script = `cat /proc/${pid}/stat 2>/dev/null; echo; ps -o etimes=,times= -p ${pid} 2>/dev/null`
  const { stdout } = await connection.run(script, { timeoutMs })
  const [stat = '', , ...rest] = stdout.split('\n')
  const startTicks = stat.trim() === '' ? null : startTicksOf(stat)
  const [age, cpu] = rest.join(' ').trim().split(/\s+/)
  return {
    process: startTicks === null ? null : { pid, startTicks },
    ageSeconds: numberOf(age),
    cpuSeconds: numberOf(cpu),
  }
}

/** Asks the service manager, and the kernel for the process behind its answer. */
export async function readService(
  connection: HostConnection,
  service: ServiceCommands,
  timeoutMs: number,
): Promise<ServiceReading> {
  const options = serviceRun(service.status, timeoutMs)
  let output = await connection.run(service.status, options)
  // No exit code and no deadline: the connection was lost. A status may be asked for twice.
  if (output.exitCode === null && !output.timedOut)
    output = await connection.run(service.status, options)
  if (output.timedOut) {
    throw new OperatorError({
      code: 'STATUS_TIMED_OUT',
      message: `the status command on ${connection.host} did not end within ${timeoutMs / 1000} s`,
      nextSteps: [`try on ${connection.host}: ${service.status}`],
      exit: 'needsPerson',
    })
  }
  if (/a password is required|no tty present|sorry, you must have a tty/i.test(output.stderr)) {
    throw new OperatorError({
      code: 'SUDO_WANTS_PASSWORD',
      message: `sudo on ${connection.host} wants a password for: ${service.status}`,
      nextSteps: [
        'klinic roll plan --print-sudoers',
        'put its lines into /etc/sudoers.d on that host',
      ],
      exit: 'notAuthorised',
    })
  }
  const state = service.parseStatus(output)
  if (output.exitCode === null || state.unknown === true) {
    throw new OperatorError({
      code: 'STATUS_UNREADABLE',
      message: `the status command on ${connection.host} does not say whether the broker runs: ${sanitiseLine(state.text) || 'no answer'}`,
      nextSteps: [`try on ${connection.host}: ${service.status}`],
      exit: 'unreachable',
    })
  }
  const { pid } = state
  if (pid === undefined) return { state, process: null, ageSeconds: null, cpuSeconds: null }
  return { state, ...(await readProcess(connection, pid, timeoutMs)) }
}

/** True when `now` is another process than `before`, which was the one to be restarted. */
export function isNewProcess(before: ProcessIdentity | null, now: ProcessIdentity | null): boolean {
  if (now === null) return false
  return before === null || before.pid !== now.pid || before.startTicks !== now.startTicks
}
