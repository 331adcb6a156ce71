import {
  endOfCleanup,
  planCleanup,
  removeForeign,
  type CleanupWork,
} from '../execution/reassign/cleanup.js'
import type { ClusterHold } from '../execution/lock/hold-cluster.js'
import { provingWriter } from '../execution/lock/proving-writer.js'
import { concludeSession } from '../execution/reassign/session.js'
import type { CleanupReport } from '../plan/cleanup-report.js'
import type { ThrottleDebt } from '../plan/execution-report.js'
import type { ReassignStatus } from '../plan/reassign-status.js'
import { underClusterLock, type LockWish } from './lock-choice.js'
import { readReassignStatus } from './read-reassign-status.js'
import { findBegun, goOn } from './take-up-execution.js'
import type { Ui } from './ui.js'
import type { WriteContext } from './write-context.js'

/** What was found and what is to be done about it. */
export interface FoundCleanup {
  readonly status: ReassignStatus
  readonly work: CleanupWork
  /** `give back the throttles of 1 plan and remove 3 others`, or null when there is nothing to do. */
  readonly what: string | null
}

/** Looks; changes nothing. `foreign`: throttles that are not ours shall go too. */
export async function findCleanup(
  context: WriteContext,
  ui: Ui,
  foreign: boolean,
): Promise<FoundCleanup> {
  const status = await readReassignStatus(context, ui)
  const work = planCleanup(status)
  for (const { why } of status.damaged ?? []) ui.warn(why)
  const parts: string[] = []
  if (work.executions.length > 0) {
    parts.push(`give back the throttles of ${work.executions.map((e) => e.planId).join(', ')}`)
  }
  if (foreign && work.foreign.length > 0) {
    parts.push(`remove ${work.foreign.length} throttles that are not of this host`)
  }
  return { status, work, what: parts.length === 0 ? null : parts.join(' and ') }
}

/** How a cleanup is done. */
export interface CleanUpOptions {
  readonly foreign: boolean
  readonly stop: AbortSignal
  readonly warn: (text: string) => void
  readonly audit: { readonly 'require-audit'?: boolean | undefined }
  readonly lock: LockWish
}

/** Does what was found and confirmed, all of it under the lock of the cluster. */
export async function cleanUp(
  context: WriteContext,
  found: FoundCleanup,
  options: CleanUpOptions,
): Promise<CleanupReport> {
  const { work, status } = found
  const removed = options.foreign ? work.foreign : []
  const { debts, failures } =
    found.what === null
      ? { debts: [], failures: [] }
      : await underClusterLock(
          { context, clusterId: status.clusterId, wish: options.lock, what: 'reassign cleanup' },
          async (hold) => ({
            debts: await giveBack(context, work, { ...options, hold }),
            failures:
              removed.length === 0
                ? []
                : await context.withWriter((writer) =>
                    removeForeign(provingWriter(writer, hold), removed),
                  ),
          }),
        )
  return {
    clusterId: status.clusterId,
    cleaned: work.executions.map(({ planId }) => planId),
    blocked: work.blocked.map(({ planId }) => planId),
    debts,
    foreign: options.foreign ? [] : work.foreign,
    foreignMoves: work.foreignMoves,
    removed,
    failures,
  }
}

async function giveBack(
  context: WriteContext,
  work: CleanupWork,
  options: CleanUpOptions & { readonly hold: ClusterHold },
): Promise<readonly ThrottleDebt[]> {
  const debts: ThrottleDebt[] = []
  for (const { planId } of work.executions) {
    const state = await findBegun(context, planId, options.warn)
    const report = await goOn(
      context,
      {
        state,
        verb: 'cleanup',
        flags: options.audit,
        lock: { held: options.hold },
        stop: options.stop,
        onEvent: (event) => {
          if (event.type === 'note') options.warn(event.text)
        },
      },
      (session) => concludeSession(session, () => endOfCleanup(session)),
    )
    debts.push(...report.debts)
  }
  return debts
}
