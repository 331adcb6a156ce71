import type { StateView } from '../../coordination/view-state.js'
import { describeMaintenance } from '../../coordination/maintenance.js'
import { cooldownKey, firstSeenKey } from '../../coordination/state-keys.js'
import type { AlertCause } from '../../model/alert.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { JsonValue, Plan } from '../../plan/plan.js'
import type { HealRunOutcome } from '../../plan/heal-run-report.js'
import { causeOfAge, causesOfPlan, countUnderReplicated, WAITING } from './name-causes.js'

/** What one look at the cluster and at what is remembered shows. */
export interface HealLook {
  readonly snapshot: Snapshot
  readonly plan: Plan
  readonly state: Pick<StateView, 'maintenance' | 'cooldowns' | 'firstSeen' | 'unreadable'>
  /** First-seen times of brokers that changed: to be written. */
  readonly firstSeen: ReadonlyMap<string, JsonValue | null>
  /** Why nothing may be moved at this time of the day; null while a window is open, or where there is none. */
  readonly outsideWindow: string | null
}

/** How a run goes on: `heal` carries the plan out, everything else ends it. */
export interface HealJudgement {
  readonly next: 'heal' | Exclude<HealRunOutcome, 'healed' | 'incomplete' | 'locked'>
  readonly message: string
  /** Null in maintenance: people know, and what was told before is not over. */
  readonly causes: readonly AlertCause[] | null
  /** What is to be remembered, whatever comes of the run. */
  readonly changes: ReadonlyMap<string, JsonValue | null>
}

/** Name of the cooldown between executions. */
export const HEAL_COOLDOWN = 'heal'

const UNDER_REPLICATED = firstSeenKey('under-replicated')

/** Decides what is to be done; reads no clock. */
export function judgeHeal(
  look: HealLook,
  times: { readonly nowMs: number; readonly urpAlertAfterMs: number },
): HealJudgement {
  const { snapshot, plan, state } = look
  const partitions = countUnderReplicated(snapshot)
  const sinceMs = underReplicatedSince(state)
  const changes = new Map([...look.firstSeen, ...ageChanges(partitions, sinceMs, times.nowMs)])
  const resting = inMaintenance(look)
  if (resting !== null) return { next: 'maintenance', message: resting, causes: null, changes }
  const causes = [
    ...causesOfPlan(plan),
    ...causeOfAge(partitions, sinceMs, { nowMs: times.nowMs, afterMs: times.urpAlertAfterMs }),
  ]
  return { ...decide(look, causes), causes, changes }
}

function decide(
  look: HealLook,
  causes: readonly AlertCause[],
): Pick<HealJudgement, 'next' | 'message'> {
  const { plan, state } = look
  if (plan.outcome === 'refused') {
    const blockers = plan.findings.filter(({ severity }) => severity === 'blocker')
    const isEarly = blockers.length > 0 && blockers.every(({ code }) => WAITING.has(code))
    const message = blockers.map((finding) => finding.message).join('; ')
    return { next: isEarly ? 'too-early' : 'not-confident', message }
  }
  if (plan.outcome === 'no-changes') {
    const [grave] = causes.filter(({ kind }) => kind !== 'UNDER_REPLICATED_LONG')
    if (grave !== undefined) return { next: 'not-confident', message: grave.message }
    return { next: 'healthy', message: 'nothing to heal' }
  }
  const cooldown = state.cooldowns.get(HEAL_COOLDOWN)
  if (cooldown !== undefined) {
    const message = `the last heal began at ${cooldown.since}; the next may begin at ${cooldown.until}`
    return { next: 'cooldown', message }
  }
  if (look.outsideWindow !== null) return { next: 'outside-window', message: look.outsideWindow }
  const { replicaMoves } = plan.summary
  return { next: 'heal', message: `plan ${plan.id} gives ${replicaMoves} replicas a new place` }
}

/** Of the whole cluster, or of a broker that is not well: somebody is at it. */
function inMaintenance({ snapshot, state, plan }: HealLook): string | null {
  const { cluster, brokers } = state.maintenance
  const unreadable = state.unreadable.find((key) => key.startsWith('maintenance/'))
  if (unreadable !== undefined) {
    return `${unreadable} was written by another version of klinic and cannot be read: it counts as maintenance`
  }
  if (cluster !== null) return `the cluster is in maintenance: ${describeMaintenance(cluster)}`
  const sickness = plan.findings.filter(({ code }) => code !== 'BROKER_IN_MAINTENANCE')
  const named = new Set(sickness.map(({ subject }) => subject))
  for (const { id, state: is } of snapshot.brokers) {
    const document = brokers.get(id)
    const isSick = is === 'dead' || named.has(`broker ${id}`)
    if (document !== undefined && isSick) {
      return `broker ${id} is in maintenance: ${describeMaintenance(document)}`
    }
  }
  return null
}

function underReplicatedSince({ firstSeen }: Pick<StateView, 'firstSeen'>): number | null {
  const seen = firstSeen.get('under-replicated')
  return seen === undefined ? null : Date.parse(seen.since)
}

function ageChanges(
  partitions: number,
  sinceMs: number | null,
  nowMs: number,
): ReadonlyMap<string, JsonValue | null> {
  if (partitions > 0 && sinceMs === null) {
    const now = new Date(nowMs).toISOString()
    return new Map([[UNDER_REPLICATED, { since: now, lastSeen: now }]])
  }
  return partitions === 0 && sinceMs !== null ? new Map([[UNDER_REPLICATED, null]]) : new Map()
}

/** Starts the cooldown between executions; null where there is none. */
export function startCooldown(
  planId: string,
  by: { readonly user: string; readonly host: string },
  { nowMs, forMs }: { readonly nowMs: number; readonly forMs: number },
): ReadonlyMap<string, JsonValue | null> {
  if (forMs <= 0) return new Map()
  const since = new Date(nowMs).toISOString()
  const until = new Date(nowMs + forMs).toISOString()
  const { user, host } = by
  return new Map([
    [cooldownKey(HEAL_COOLDOWN), { user, host, reason: `plan ${planId}`, since, until }],
  ])
}
