import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
import type { RestartPhase } from '../../ports/journal.js'
import type { RestartJob, RollDeps, RollHook, RollOptions } from './roll-deps.js'

/** What a hook finds in its environment. */
export function hookEnvironment(
  job: RestartJob,
  hook: RollHook,
  rollId: string,
): Readonly<Record<string, string>> {
  return {
    KLINIC_BROKER_ID: String(job.step.broker),
    KLINIC_HOST: job.step.host,
    KLINIC_RACK: job.step.rack ?? '',
    KLINIC_PHASE: hook,
    KLINIC_INDEX: String(job.index),
    KLINIC_TOTAL: String(job.total),
    KLINIC_ROLL_ID: rollId,
  }
}

/** A hook said no, or did not end in time. Exit 6. */
function hookError(
  job: RestartJob,
  hook: RollHook,
  exitCode: number | null,
  output: string,
): OperatorError {
  const how =
    exitCode === null ? 'did not end in time or was ended by a signal' : `exited ${exitCode}`
  const last = output.trim().split('\n').at(-1) ?? ''
  return new OperatorError({
    code: 'HOOK_SAID_NO',
    message: `the ${hook} hook of broker ${job.step.broker} ${how}${last === '' ? '' : `: ${last}`}`,
    nextSteps: ['klinic roll status', 'klinic roll resume, once the hook is content'],
    exit: 'hookSaidNo',
  })
}

/** The phase of a restart that a hook belongs to: its record in the journal stands there. */
const PHASES: Readonly<Record<RollHook, RestartPhase>> = {
  'pre-stop': 'pre-stop',
  'post-stop': 'stopped',
  'pre-start': 'pre-start',
  rollback: 'pre-start',
  'post-start': 'post-start',
}

/** What of a hook's output is kept in the journal: its end. */
const KEPT_CHARACTERS = 4_000

/** Runs a hook where there is one; anything but exit 0 throws HOOK_SAID_NO. The end of its output is kept in the journal. */
export async function runHook(
  deps: RollDeps,
  options: RollOptions,
  job: RestartJob,
  call: { readonly hook: RollHook; readonly connection: HostConnection },
): Promise<void> {
  const command = options.hooks[call.hook]
  if (command === undefined) return
  const env = hookEnvironment(job, call.hook, options.rollId)
  const timeoutMs = options.times.hookTimeoutMs
  const result = options.hooksRunLocally
    ? await deps.runLocally(command, env, timeoutMs)
    : await call.connection.run(command, { env, timeoutMs }).then((remote) => ({
        exitCode: remote.timedOut ? null : remote.exitCode,
        output: `${remote.stdout}${remote.stderr}`,
      }))
  const { broker } = job.step
  deps.say({ type: 'hook', broker, hook: call.hook, ...result })
  const { exitCode } = result
  const output = result.output.slice(-KEPT_CHARACTERS)
  await deps.record({
    broker,
    phase: PHASES[call.hook],
    hook: { name: call.hook, exitCode, output },
  })
  if (result.exitCode !== 0) throw hookError(job, call.hook, result.exitCode, result.output)
}
