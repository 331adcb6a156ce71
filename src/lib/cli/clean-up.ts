import {
  endOfCleanup,
  planCleanup,
  removeForeign,
  type CleanupWork,
} from '../execution/reassign/cleanup.js'
import {
  confirmCleanup,
  nameOfThrottle,
  whyThrottlesStay,
} from '../execution/reassign/confirmed-cleanup.js'
import type { ClusterHold } from '../execution/lock/hold-cluster.js'
import { provingWriter } from '../execution/lock/proving-writer.js'
import type { ExecutionEvent } from '../execution/reassign/events.js'
import { nameSome } from '../execution/reassign/guards/guard.js'
import { concludeSession } from '../execution/reassign/session.js'
import { takeBackFound, type TakenBack } from '../execution/reassign/take-back-found.js'
import type { CleanupReport } from '../plan/cleanup-report.js'
import type { ThrottleDebt } from '../plan/execution-report.js'
import type { ReassignStatus } from '../plan/reassign-status.js'
import { underClusterLock, type LockWish } from './lock-choice.js'
import { readReassignStatus } from './read-reassign-status.js'
import { runSettings } from './reassign-flags.js'
import { findBegun, goOn } from './take-up-execution.js'
import type { Ui } from './ui.js'
import { withExecution } from './with-execution.js'
import type { WriteContext } from './write-context.js'

/** What was found and what is to be done about it. */
export interface FoundCleanup {
  readonly status: ReassignStatus
  readonly work: CleanupWork
  /** `give back the throttles of 1 plan and remove 3 others`, or null when there is nothing to do. */
  readonly what: string | null
  /** Looks once more, under the lock of the cluster. */
  readonly lookAgain: () => Promise<CleanupWork>
}

/** Looks; changes nothing. `foreign`: moves and throttles that no journal explains shall go too. */
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
  if (foreign && work.foreignMoves.length > 0) {
    const names = nameSome(work.foreignMoves.map(({ partition }) => partition))
    parts.push(`take back ${work.foreignMoves.length} moves that no journal explains (${names})`)
  }
  if (foreign && work.foreign.length > 0) {
    parts.push(`remove ${work.foreign.length} throttles that are not of this host`)
  }
  const lookAgain = async (): Promise<CleanupWork> => {
    const now = await readReassignStatus(context, ui)
    // Whoever has the lock is the only one who works: it is ours. Not so with one that took the lock of its host only.
    const executions = now.executions.map((execution) => ({
      ...execution,
      running: execution.running === null ? null : false,
    }))
    return planCleanup({ ...now, executions })
  }
  return { status, work, what: parts.length === 0 ? null : parts.join(' and '), lookAgain }
}

/** How a cleanup is done. */
export interface CleanUpOptions {
  readonly foreign: boolean
  readonly stop: AbortSignal
  readonly warn: (text: string) => void
  readonly audit: { readonly 'require-audit'?: boolean | undefined }
  readonly lock: LockWish
}

/** Does what was found and confirmed, all of it under the lock of the cluster, and where it is as it was shown. */
export async function cleanUp(
  context: WriteContext,
  found: FoundCleanup,
  options: CleanUpOptions,
): Promise<CleanupReport> {
  const { clusterId } = found.status
  options.stop.throwIfAborted()
  const place = { context, clusterId, wish: options.lock }
  const { now, work, done } =
    found.what === null
      ? { now: found.work, work: found.work, done: NOTHING }
      : await underClusterLock({ ...place, what: 'reassign cleanup' }, (hold) =>
          doConfirmed(context, found, { ...options, hold }),
        )
  const removed = new Set(done.removed.map(nameOfThrottle))
  const asked = new Set(options.foreign ? work.foreignMoves.map(({ partition }) => partition) : [])
  return {
    clusterId,
    cleaned: work.executions.map(({ planId }) => planId),
    blocked: now.blocked.map(({ planId }) => planId),
    foreign: now.foreign.filter((throttle) => !removed.has(nameOfThrottle(throttle))),
    foreignMoves: now.foreignMoves.filter(({ partition }) => !asked.has(partition)),
    ...done,
  }
}

/** What is there under the lock, what of it was done, and what came of it. */
interface Conclusion {
  readonly now: CleanupWork
  readonly work: CleanupWork
  readonly done: Done
}

async function doConfirmed(
  context: WriteContext,
  found: FoundCleanup,
  options: CleanUpOptions & { readonly hold: ClusterHold },
): Promise<Conclusion> {
  const now = await found.lookAgain()
  const { work, changed, stuck } = confirmCleanup(found.work, now)
  for (const text of changed) options.warn(text)
  const done = await doAll(context, { work, status: found.status }, options)
  return { now, work, done: { ...done, stuck: options.foreign ? [...stuck, ...done.stuck] : [] } }
}

type Done = Pick<CleanupReport, 'debts' | 'failures' | 'removed' | 'takenBack' | 'stuck'>

const NOTHING: Done = { debts: [], failures: [], removed: [], takenBack: [], stuck: [] }

/** Moves first: a throttle never goes before what it throttles, so where a move stays, so do throttles. */
async function doAll(
  context: WriteContext,
  { work, status }: Pick<FoundCleanup, 'work' | 'status'>,
  options: CleanUpOptions & { readonly hold: ClusterHold },
): Promise<Done> {
  const debts = await giveBack(context, work, options)
  if (!options.foreign) return { ...NOTHING, debts }
  const { undone, left } = await takeBack(context, work, status, options)
  const done = { debts, takenBack: undone, stuck: left }
  if (work.foreign.length === 0) return { ...done, removed: [], failures: [] }
  const flights = await context.withReader((reader) => reader.readReassignments())
  const stay = whyThrottlesStay(flights, work.foreign.length)
  if (stay !== null) return { ...done, removed: [], failures: [stay] }
  const failures = await context.withWriter((writer) =>
    removeForeign(provingWriter(writer, options.hold), work.foreign),
  )
  return { ...done, removed: work.foreign, failures }
}

async function takeBack(
  context: WriteContext,
  { foreignMoves: moves }: CleanupWork,
  { clusterId, at }: ReassignStatus,
  { hold, warn, audit }: CleanUpOptions & { readonly hold: ClusterHold },
): Promise<TakenBack> {
  if (moves.length === 0) return { undone: [], left: [] }
  const wish = {
    clusterId,
    lock: { held: hold },
    requireAudit: audit['require-audit'],
    // What was sent is seen to its end, within the patience: given up half-way, it would be called left and be taken back.
    stop: new AbortController().signal,
    onEvent: (event: ExecutionEvent): void => {
      if (event.type === 'note') warn(event.text)
    },
  }
  const settings = runSettings({}, context.settings, new Set())
  return withExecution(context, wish, (parts) =>
    takeBackFound({ ...parts, hold, settings, found: { clusterId, at, moves } }),
  )
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
