import type { ExecutionEvent } from '../execution/reassign/events.js'
import type { ExecutionState } from '../execution/reassign/execution-state.js'
import type { RecordedOptions } from '../execution/reassign/recorded-options.js'
import type { OpenSession } from '../execution/reassign/session.js'
import type { ExecutionReport } from '../plan/execution-report.js'
import type { Plan } from '../plan/plan.js'
import { withJournalsToRead } from './compose-journal.js'
import { liftedAgain, type LiftedAgainValues } from './lifted-again.js'
import type { LockWish } from './lock-choice.js'
import type { PaceValues } from './reassign-flags.js'
import { runSettings } from './reassign-flags.js'
import { withExecution } from './with-execution.js'
import type { WriteContext } from './write-context.js'

/** Finds the execution that a command names, or the only unfinished one of the cluster that answers. */
export async function findBegun(
  context: WriteContext,
  planId: string | undefined,
  warn: (text: string) => void,
): Promise<ExecutionState> {
  const { findExecution } = await import('../execution/reassign/take-up.js')
  const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
  return withJournalsToRead(context, { warn }, (store) => findExecution(store, clusterId, planId))
}

/** Refuses to go on with a plan while the cluster, or a broker that it gives replicas to, is in maintenance. */
export async function refuseResumeInMaintenance(context: WriteContext, plan: Plan): Promise<void> {
  const { refuseInMaintenance } = await import('./read-state.js')
  const { movesOf } = await import('../execution/reassign/moves.js')
  const brokers = movesOf(plan).flatMap(({ adding }) => adding)
  const clusterId = plan.cluster.id
  const { NOT_GONE_ON } = await import('../execution/reassign/guards/check-guards.js')
  const undertaking = { clusterId, brokers, ignore: false, mineIsFine: false, lead: NOT_GONE_ON }
  await refuseInMaintenance(context, undertaking)
}

/** What {@link goOn} needs beside the context. */
export interface GoOnInput {
  readonly state: ExecutionState
  readonly verb: 'resume' | 'cancel' | 'cleanup'
  readonly flags: PaceValues &
    LiftedAgainValues & { readonly 'require-audit'?: boolean | undefined }
  readonly lock: LockWish
  readonly reason?: string | undefined
  readonly stop: AbortSignal
  readonly onEvent: (event: ExecutionEvent) => void
}

/** Takes an execution up with the real cluster, clock and journal, and works on it. */
export async function goOn(
  context: WriteContext,
  { state, verb, flags, lock, reason, stop, onEvent }: GoOnInput,
  work: (session: OpenSession) => Promise<ExecutionReport>,
): Promise<ExecutionReport> {
  const { takeUp } = await import('../execution/reassign/take-up.js')
  const { scheduleOrRefuse } = await import('./execution-window.js')
  // What takes things back may do so at any time.
  const windows = { ...flags, 'ignore-windows': flags['ignore-windows'] ?? ignoredWindows(state) }
  const until = verb === 'resume' ? await scheduleOrRefuse(context, windows) : undefined
  const { recordGiven, settingsOf } = await import('../execution/reassign/recorded-options.js')
  const { givenSettings } = await import('./given-settings.js')
  const given = givenSettings(flags, context.settings, state.options)
  const recorded = verb === 'resume' ? state.options : withoutPatience(state.options)
  const fallback = runSettings(flags, context.settings, new Set())
  const settings = { ...settingsOf(recorded, fallback, given), until }
  const clusterId = state.started.plan.cluster.id
  const wish = { clusterId, lock, requireAudit: flags['require-audit'], stop, onEvent }
  const options = { ...recordGiven(settings, given), ...liftedAgain(flags) }
  const again = verb === 'resume' && Object.keys(options).length > 0 ? { options } : {}
  return withExecution(context, wish, (parts) =>
    takeUp({ ...parts, state, verb, settings, reason, ...again }, work),
  )
}

/** Whoever began it, or resumed it last, said that the windows of klinic.yaml do not count for it. */
const ignoredWindows = ({ options }: ExecutionState): boolean => options['ignoresWindows'] === true

/** What takes things back has a patience of its own: that of the moves may be hours. */
function withoutPatience({
  patienceMs: _ofTheMoves,
  ...options
}: RecordedOptions): RecordedOptions {
  return options
}
