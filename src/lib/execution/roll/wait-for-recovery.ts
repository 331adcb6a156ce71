import type { HostConnection } from '../../ports/hosts.js'
import { readService } from './read-service.js'
import type { RestartJob, RollDeps, RollTimes } from './roll-deps.js'

const LOOK_EVERY_MS = 10_000
/** CPU seconds in one interval that only a working broker uses: an idle or a hung one needs a few hundredths. */
const BUSY_CPU_SECONDS = 3
/** Log recovery of a large broker takes hours; a day means that something else keeps it busy. */
const MAX_LOOKS = 8_640

/**
 * A broker that does not answer may be recovering its logs, and would begin again if it were restarted. It is left alone
 * while its process works; restarted when it does nothing, or is gone.
 */
export async function waitWhileRecovering(
  deps: RollDeps,
  connection: HostConnection,
  job: RestartJob,
  times: RollTimes,
): Promise<void> {
  const { broker } = job.step
  const service = deps.serviceOf(broker)
  const startMs = deps.clock.nowMs()
  const look = () => readService(connection, service, times.remoteTimeoutMs)
  let before = await look()
  for (let looks = 0; looks < MAX_LOOKS && !deps.signal.aborted; looks++) {
    if (!before.state.running || (await deps.answers(broker))) return
    await deps.clock.sleep(LOOK_EVERY_MS, deps.signal)
    const now = await look()
    const used = (now.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0)
    if (!now.state.running || used < BUSY_CPU_SECONDS) return
    const waitedMs = deps.clock.nowMs() - startMs
    const text = `it to recover its logs: it does not answer and used ${used} s of CPU (LOG_RECOVERY)`
    deps.say({ type: 'wait', broker, text, waitedMs })
    before = now
  }
}
