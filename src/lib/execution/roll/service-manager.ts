import { OperatorError } from '../../errors/operator-error.js'
import type { RemoteRunOptions } from '../../ports/hosts.js'
import { parseTimeSpan } from './parse-time-span.js'
import type { ServiceState } from './service-state.js'

/** Output and exit code of a status command. */
export interface StatusOutput {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How to stop, start and ask for a broker's service: remote shell lines, and how to read the status. */
export interface ServiceCommands {
  readonly stop: string
  readonly start: string
  readonly status: string
  readonly parseStatus: (output: StatusOutput) => ServiceState
}

/** Managers with built-in commands; `custom` takes the operator's own three lines. */
export const SERVICE_MANAGERS = ['systemd', 'upstart', 'runit', 'supervisord', 'custom'] as const

/** One of {@link SERVICE_MANAGERS}. */
export type ServiceManagerName = (typeof SERVICE_MANAGERS)[number]

const UNIT = /^[A-Za-z0-9@._:/-]+$/

function lastLine(output: StatusOutput): string {
  const text = output.stdout.trim() === '' ? output.stderr : output.stdout
  return text.trim().split('\n').at(-1) ?? ''
}

function withPid(running: boolean, pid: string | undefined, text: string): ServiceState {
  const number = Number(pid)
  return { running, ...(pid !== undefined && number > 0 ? { pid: number } : {}), text }
}

/** What is not running has to say so: an error message or an empty answer is not a stopped broker. */
function unlessUnknown(state: ServiceState, saysDown: boolean): ServiceState {
  return state.running || saysDown ? state : { ...state, unknown: true }
}

const SYSTEMD_RESULTS = {
  success: 'success',
  timeout: 'timeout',
  watchdog: 'timeout',
  signal: 'signal',
  'core-dump': 'signal',
  'oom-kill': 'signal',
} as const

function isKnownResult(text: string): text is keyof typeof SYSTEMD_RESULTS {
  return Object.hasOwn(SYSTEMD_RESULTS, text)
}

/** Reads `systemctl show`. A unit that was killed because its stop timed out still lets `systemctl stop` return 0. */
function parseSystemd(output: StatusOutput): ServiceState {
  const properties = new Map(
    output.stdout.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1).trim()]
    }),
  )
  const active = properties.get('ActiveState') ?? 'unknown'
  const running = ['active', 'activating', 'deactivating', 'reloading'].includes(active)
  const result = properties.get('Result') ?? ''
  const state = withPid(
    running,
    properties.get('MainPID'),
    `${active} (${properties.get('SubState') ?? '?'})`,
  )
  const known = unlessUnknown(state, ['inactive', 'failed', 'maintenance'].includes(active))
  const stopTimeoutMs = parseTimeSpan(properties.get('TimeoutStopUSec') ?? '')
  const sure = stopTimeoutMs === null ? known : { ...known, stopTimeoutMs }
  return result === ''
    ? sure
    : { ...sure, lastResult: isKnownResult(result) ? SYSTEMD_RESULTS[result] : 'failed' }
}

/** Reads `sv status`: `run: kafka: (pid 123) 5s` or `down: kafka: 3s`; `finish:` is still going down. */
function parseRunit(output: StatusOutput): ServiceState {
  const line = lastLine(output)
  const state = withPid(/^(run|finish):/.test(line), /\(pid (\d+)\)/.exec(line)?.[1], line)
  return unlessUnknown(state, line.startsWith('down:'))
}

/** Reads `supervisorctl status`: `kafka RUNNING pid 123, uptime 0:00:05`. STOPPING and STARTING have a process. */
function parseSupervisord(output: StatusOutput): ServiceState {
  const line = lastLine(output)
  const running = /\s(RUNNING|STARTING|STOPPING)\b/.test(line)
  const state = withPid(running, /\bpid (\d+)/.exec(line)?.[1], line)
  return unlessUnknown(state, /\s(STOPPED|EXITED|FATAL|BACKOFF)\b/.test(line))
}

/** Reads upstart's `status`: `kafka start/running, process 123` or `kafka stop/waiting`. */
function parseUpstart(output: StatusOutput): ServiceState {
  const line = lastLine(output)
  const running = /start\/|stop\/(pre-stop|stopping|killed|post-stop)/.test(line)
  const state = withPid(running, /process (\d+)/.exec(line)?.[1], line)
  return unlessUnknown(state, line.includes('stop/'))
}

/** What a shell answers for a command that it could not run. */
const NOT_RUN = 126

/** Reads an operator's own command: exit 0 is running (and the first number in its output the pid), 1 to 125 is not. */
function parseCustom(output: StatusOutput): ServiceState {
  const { exitCode, stdout } = output
  const state = withPid(exitCode === 0, /\b(\d+)\b/.exec(stdout)?.[1], lastLine(output))
  return unlessUnknown(state, exitCode !== null && exitCode < NOT_RUN)
}

const BUILT_IN = {
  systemd: (unit: string): ServiceCommands => ({
    stop: `sudo -n systemctl stop ${unit}`,
    start: `sudo -n systemctl start ${unit}`,
    status: `systemctl show -p ActiveState,SubState,MainPID,Result,ExecMainCode,ExecMainStatus,TimeoutStopUSec ${unit}`,
    parseStatus: parseSystemd,
  }),
  upstart: (unit: string): ServiceCommands => ({
    stop: `sudo -n stop ${unit}`,
    start: `sudo -n start ${unit}`,
    status: `status ${unit}`,
    parseStatus: parseUpstart,
  }),
  runit: (unit: string): ServiceCommands => ({
    // -w 0 hands the waiting to us: our own deadline says what happened, `sv` would only say "timeout".
    stop: `sudo -n sv -w 0 down ${unit}; true`,
    start: `sudo -n sv up ${unit}`,
    status: `sudo -n sv status ${unit}`,
    parseStatus: parseRunit,
  }),
  supervisord: (unit: string): ServiceCommands => ({
    stop: `sudo -n supervisorctl stop ${unit}`,
    start: `sudo -n supervisorctl start ${unit}`,
    status: `sudo -n supervisorctl status ${unit}`,
    parseStatus: parseSupervisord,
  }),
} as const

/** The operator's own lines, where given; each replaces the built-in one. */
export interface ServiceTemplates {
  readonly stop?: string
  readonly start?: string
  readonly status?: string
}

function requireTemplates(templates: ServiceTemplates): ServiceCommands {
  const { stop, start, status } = templates
  if (stop === undefined || start === undefined || status === undefined) {
    throw new OperatorError({
      code: 'SERVICE_COMMANDS_MISSING',
      message: 'a custom service manager needs its stop, start and status commands',
      nextSteps: ['give --stop-cmd, --start-cmd and --status-cmd'],
      exit: 'usage',
    })
  }
  return { stop, start, status, parseStatus: parseCustom }
}

/** Commands for one manager and unit, with the operator's own lines in place of the built-in ones where given; `sudo` is for the built-in ones. */
export function serviceCommands(
  manager: ServiceManagerName,
  unit: string,
  templates: ServiceTemplates = {},
  sudo = true,
): ServiceCommands {
  if (manager === 'custom') return requireTemplates(templates)
  if (!UNIT.test(unit) || unit.startsWith('-')) {
    throw new OperatorError({
      code: 'BAD_SERVICE_NAME',
      message: `"${unit}" is not a service name: letters, digits and @ . _ : / - only`,
      nextSteps: ['give --service NAME'],
      exit: 'usage',
    })
  }
  const commands = BUILT_IN[manager](unit)
  const prepare = (command: string): string => (sudo ? command : command.replace(/^sudo -n /, ''))
  return {
    stop: templates.stop ?? prepare(commands.stop),
    start: templates.start ?? prepare(commands.start),
    status: templates.status ?? prepare(commands.status),
    parseStatus: templates.status === undefined ? commands.parseStatus : parseCustom,
  }
}

/** Where Debian keeps the programs of a service manager; sudo compares files, so a merged /bin matches too. */
function programPath(words: string): string {
  const program = words.split(' ', 1)[0] ?? ''
  return `${['stop', 'start'].includes(program) ? '/sbin' : '/usr/bin'}/${words}`
}

/** The characters that sudoers(5) wants escaped in the arguments of a command. */
function escapeSudoers(words: string): string {
  return words.replace(/[,:=\\]/g, String.raw`\$&`)
}

/**
 * The one plain command that follows `sudo -n`; null when the line does not go through sudo, or is more than that. Whoever
 * only asks whether it is allowed would run the second half of `sudo -n stop it; sudo -n kill it`.
 */
export function sudoCommand(line: string): string | null {
  return /^sudo -n ([\w@%+=:,./ -]+?)(; true)?$/.exec(line)?.[1] ?? null
}

/** How a line of a service is run: sudo speaks the language of whoever logs in, and what is recognised of it is English. */
export function serviceRun(line: string, timeoutMs: number): RemoteRunOptions {
  return line.startsWith('sudo ') ? { timeoutMs, env: { LC_ALL: 'C' } } : { timeoutMs }
}

/** The sudoers lines that a limited account needs for these commands, and nothing more. */
export function sudoersLines(user: string, commands: ServiceCommands): readonly string[] {
  const lines = [commands.stop, commands.start, commands.status].flatMap((command) => {
    const words = sudoCommand(command)
    if (words === null) return []
    return [`${user} ALL=(root) NOPASSWD: ${escapeSudoers(programPath(words))}`]
  })
  return [...new Set(lines)]
}
