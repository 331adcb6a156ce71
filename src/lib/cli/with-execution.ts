import type { ExecutionEvent } from '../execution/reassign/events.js'
import type { ExecuteInput } from '../execution/reassign/execute.js'
import { trafficMeter } from './auto-throttle.js'
import { currentActor, withJournals } from './compose-journal.js'
import { withLockChoice, type LockWish } from './lock-choice.js'
import type { WriteContext } from './write-context.js'

/** What an execution is run with, whether it begins or goes on. */
export interface ExecutionWish {
  readonly clusterId: string
  readonly lock: LockWish
  readonly requireAudit: boolean | undefined
  readonly stop: AbortSignal
  readonly onEvent: (event: ExecutionEvent) => void
}

/** The real cluster, clock, journal and lock of an execution, and who runs it. */
export type ExecutionParts = Pick<ExecuteInput, 'actor' | 'store' | 'ports' | 'lock'>

/** Opens what an execution works with, and closes it whatever happens. */
export function withExecution<T>(
  context: WriteContext,
  { clusterId, lock: wish, requireAudit, stop, onEvent }: ExecutionWish,
  work: (parts: ExecutionParts) => Promise<T>,
): Promise<T> {
  const warn = (text: string): void => onEvent({ type: 'note', code: 'ACTIONS_TOPIC', text })
  const { clock } = context
  return withLockChoice({ context, clusterId, wish }, (lock) =>
    withJournals(context, { warn, requireAudit }, (store) =>
      context.withReader((reader) =>
        context.withWriter((writer) => {
          const measureTraffic = trafficMeter(reader, clock)
          const ports = { reader, writer, clock, measureTraffic, stop, onEvent }
          return work({ actor: currentActor(), store, ports, lock })
        }),
      ),
    ),
  )
}
