import { firstSeenKey } from '../coordination/state-keys.js'
import { viewState } from '../coordination/view-state.js'
import { OperatorError } from '../errors/operator-error.js'
import { areAlertsDue, raiseAlerts } from '../execution/alerts/raise-alerts.js'
import type { HealLook } from '../execution/heal/judge-heal.js'
import type { HealRunPorts, HeldPorts } from '../execution/heal/run-heal.js'
import { worthWriting } from '../execution/heal/shared-sightings.js'
import { NO_MEMORY } from '../health/memory/memory.js'
import { parseSightings, sightingChanges } from '../health/memory/shared.js'
import { noteAction, openLocalJournals } from './compose-journal.js'
import { findBegunHeal, prepareHeal, resumeHeal } from './compose-heal-executions.js'
import type { SnapshotTools } from './compose-snapshot.js'
import type { HealRunParts } from './heal-run-parts.js'
import { underClusterLock } from './lock-choice.js'
import { makeHealPlan } from './make-heal-plan.js'

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
    findBegun: () => findBegunHeal(parts),
    areAlertsDue: (causes, keeping) => areAlertsDue(alerts, causes, keeping),
    raise: (causes, keeping) => raiseAlerts(alerts, causes, keeping),
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
        resume: (planId) => resumeHeal(parts, hold, planId),
        prepare: (seen) => prepareHeal(parts, hold, seen),
      }),
    )
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'LOCKED')
      return { lockedBy: error.message }
    throw error
  }
}

/** What is sick, people learn from alerts, once; cron mails whatever a run says under --quiet, each time. */
const unheard = ({ ui, ...rest }: SnapshotTools): SnapshotTools => ({
  ...rest,
  ui: { ...ui, warn: (text) => ui.note(`Warning: ${text}`) },
})

async function look({ context, flags, tools, state }: HealRunParts): Promise<HealLook> {
  const { scheduleOf } = await import('./execution-window.js')
  const nowMs = context.clock.nowMs()
  const view = viewState(await state.read(), nowMs)
  const shared = parseSightings(view.firstSeen)
  const { snapshot, plan, memory } = await makeHealPlan(context, flags, unheard(tools), { shared })
  const changes = worthWriting(shared, sightingChanges(shared, memory ?? NO_MEMORY))
  const firstSeen = new Map([...changes].map(([name, seen]) => [firstSeenKey(name), seen]))
  const { guards } = await scheduleOf(context, flags)
  const outsideWindow = flags['ignore-windows'] === true ? null : (guards[0]?.message ?? null)
  return { snapshot, plan, state: view, firstSeen, outsideWindow }
}
