import { OperatorError } from '../../errors/operator-error.js'
import type { HostConnection } from '../../ports/hosts.js'
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

/** Runs a hook where there is one; anything but exit 0 throws HOOK_SAID_NO. Its output is kept in an event. */
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
  deps.say({ type: 'hook', broker: job.step.broker, hook: call.hook, ...result })
  if (result.exitCode !== 0) throw hookError(job, call.hook, result.exitCode, result.output)
}
