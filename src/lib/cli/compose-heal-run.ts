import { createHash } from 'node:crypto'
import { join } from 'node:path'

import {
  fileNameOf,
  preparePrivateDirectory,
  stateDirectory,
} from '../adapters/journal/state-directory.js'
import { viewState } from '../coordination/view-state.js'
import { firstSeenKey } from '../coordination/state-keys.js'
import { OperatorError } from '../errors/operator-error.js'
import { areAlertsDue, raiseAlerts, type AlertDeps } from '../execution/alerts/raise-alerts.js'
import type { HealLook } from '../execution/heal/judge-heal.js'
import { worthWriting } from '../execution/heal/shared-sightings.js'
import type {
  BegunExecution,
  HealRunPorts,
  HeldPorts,
  PreparedHeal,
} from '../execution/heal/run-heal.js'
import type { ClusterHold } from '../execution/lock/hold-cluster.js'
import type { ExecutionEvent } from '../execution/reassign/events.js'
import { NO_MEMORY } from '../health/memory/memory.js'
import { parseSightings, sightingChanges } from '../health/memory/shared.js'
import type { Plan } from '../plan/plan.js'
import type { StateStore } from '../ports/coordination.js'
import { noteAction, openLocalJournals, withJournalsToRead } from './compose-journal.js'
import { writePlanFile } from './compose-files.js'
import { carryOut, prepareOrRefuse } from './execute-plan.js'
import { underClusterLock, type LockWish } from './lock-choice.js'
import { makeHealPlan, type HealPlanFlags } from './make-heal-plan.js'
import { liftedBy, runSettings, type PaceValues } from './reassign-flags.js'
import type { LiftingFlag } from '../execution/reassign/guards/guard.js'
import type { SnapshotTools } from './compose-snapshot.js'
import { goOn } from './take-up-execution.js'
import type { WriteContext } from './write-context.js'

/** Values of the flags of `heal run`. */
export type HealRunFlags = HealPlanFlags &
  PaceValues &
  Readonly<Partial<Record<LiftingFlag, boolean>>> & {
    readonly 'require-audit'?: boolean | undefined
  }

/** What a heal run is made of. */
export interface HealRunParts {
  readonly context: WriteContext
  readonly clusterId: string
  readonly flags: HealRunFlags
  readonly tools: SnapshotTools
  readonly state: StateStore
  readonly alerts: AlertDeps
  readonly lock: LockWish
  /** Who holds the lock over all hosts. */
  readonly holder: () => Promise<string | null>
  readonly onEvent: (event: ExecutionEvent) => void
}

/** The ports of a heal run with the real cluster, state, journals and channels. */
export function openHealRunPorts(parts: HealRunParts): HealRunPorts {
  const { context, clusterId, state, alerts, tools, flags } = parts
  const warn = (text: string): void => tools.ui.warn(text)
  const choice = { warn, requireAudit: flags['require-audit'] }
  return {
    nowMs: () => context.clock.nowMs(),
    lockedBy: async () => (await holderHere(clusterId)) ?? parts.holder(),
    underLock: (work) => underLock(parts, work),
    look: () => look(parts),
    findBegun: () => findBegun(parts),
    areAlertsDue: (causes) => areAlertsDue(alerts, causes),
    raise: (causes) => raiseAlerts(alerts, causes),
    remember: (changes) => (changes.size === 0 ? Promise.resolve() : state.write(changes)),
    note: (message, outcome) =>
      noteAction(context, choice, {
        clusterId,
        what: 'heal run',
        subject: 'cluster',
        message,
        outcome,
      }),
  }
}

async function holderHere(clusterId: string): Promise<string | null> {
  const holder = await openLocalJournals().holder(clusterId)
  if (holder === null) return null
  const { lockedBy } = await import('../execution/lock/hold-cluster.js')
  return lockedBy(clusterId, holder).message
}

async function underLock<T>(
  parts: HealRunParts,
  work: (held: HeldPorts) => Promise<T>,
): Promise<T | { readonly lockedBy: string }> {
  const { context, clusterId, lock } = parts
  try {
    return await underClusterLock({ context, clusterId, wish: lock, what: 'heal run' }, (hold) =>
      work({
        resume: (planId) => resume(parts, hold, planId),
        prepare: (seen) => prepare(parts, hold, seen),
      }),
    )
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'LOCKED')
      return { lockedBy: error.message }
    throw error
  }
}

async function look({ context, flags, tools, state }: HealRunParts): Promise<HealLook> {
  const nowMs = context.clock.nowMs()
  const view = viewState(await state.read(), nowMs)
  const shared = parseSightings(view.firstSeen)
  const { snapshot, plan, memory } = await makeHealPlan(context, flags, tools, { shared })
  const changes = worthWriting(shared, sightingChanges(shared, memory ?? NO_MEMORY))
  const firstSeen = new Map([...changes].map(([name, seen]) => [firstSeenKey(name), seen]))
  return { snapshot, plan, state: view, firstSeen }
}

/** Only a run of cron on this host keeps its plan there: by that it knows its own. */
async function findBegun({
  context,
  clusterId,
  tools,
}: HealRunParts): Promise<BegunExecution | null> {
  const { foldJournal, isOver } = await import('../execution/reassign/execution-state.js')
  const { exists } = await import('../adapters/files/exists.js')
  const warn = (text: string): void => tools.ui.warn(text)
  const journals = await withJournalsToRead(context, { warn }, (store) => store.list(clusterId))
  for (const { records } of journals) {
    const begun = foldJournal(records)
    if (begun === null || isOver(begun) || begun.started.plan.kind === 'roll') continue
    const { id } = begun.started.plan
    return { planId: id, isOurs: await exists(planPath(clusterId, id)) }
  }
  return null
}

async function resume(parts: HealRunParts, hold: ClusterHold, planId: string) {
  const { runSession } = await import('../execution/reassign/session.js')
  const { findExecution } = await import('../execution/reassign/take-up.js')
  const { context, clusterId, flags, tools, onEvent } = parts
  const warn = (text: string): void => tools.ui.warn(text)
  const state = await withJournalsToRead(context, { warn }, (store) =>
    findExecution(store, clusterId, planId),
  )
  const stop = tools.signal
  return goOn(
    context,
    { state, verb: 'resume', flags, lock: { held: hold }, stop, onEvent },
    runSession,
  )
}

async function prepare(
  parts: HealRunParts,
  hold: ClusterHold,
  { plan, snapshot }: HealLook,
): Promise<PreparedHeal | OperatorError> {
  const { context, flags, tools, onEvent } = parts
  const lifted = liftedBy(flags)
  const settings = runSettings(flags, context.settings, lifted)
  const { throttleBytesPerSec } = settings
  try {
    const preparation = await prepareOrRefuse({
      plan,
      snapshot,
      flags: lifted,
      throttleBytesPerSec,
    })
    return {
      plan,
      carryOut: async () => {
        const kept = await keepPlan(plan)
        const report = await carryOut(context, {
          plan,
          planFile: kept.file,
          planSha256: kept.sha256,
          preparation,
          settings,
          stop: tools.signal,
          onEvent,
          requireAudit: flags['require-audit'],
          lock: { held: hold },
        })
        return { file: kept.file, report }
      },
    }
  } catch (error) {
    if (error instanceof OperatorError) return error
    throw error
  }
}

const planDirectory = (clusterId: string): string =>
  join(stateDirectory(process.env), 'heal', fileNameOf(clusterId))

const planPath = (clusterId: string, planId: string): string =>
  join(planDirectory(clusterId), `${fileNameOf(planId)}.json`)

/** Before the execution: a run that finds its plan here knows that it may go on with it. */
async function keepPlan(plan: Plan): Promise<{ readonly file: string; readonly sha256: string }> {
  const { formatPlan } = await import('../plan/format-plan.js')
  await preparePrivateDirectory(stateDirectory(process.env))
  await preparePrivateDirectory(planDirectory(plan.cluster.id))
  const file = planPath(plan.cluster.id, plan.id)
  await writePlanFile(file, plan)
  return { file, sha256: createHash('sha256').update(formatPlan(plan)).digest('hex') }
}
