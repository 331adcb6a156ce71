import type { Memory, Sighting } from '../health/memory/memory.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import type { SnapshotSource, SnapshotTools } from './compose-snapshot.js'
import { healPolicy } from './heal-policy.js'
import { startPlanning } from './open-planning.js'
import type { ReadContext } from './read-context.js'

/** A heal plan with what it rests on. */
export interface HealPlanMade {
  readonly snapshot: Snapshot
  readonly plan: Plan
  /** What this host remembers now; null for a plan made from a file. */
  readonly memory: Memory | null
}

/** What `heal run` hands over beside the flags. */
export interface HealPlanOptions {
  /** First-seen times that hosts share, by name; absent: read from the state store when a broker is in trouble. */
  readonly shared?: ReadonlyMap<string, Sighting>
}

/** Flags of `heal plan` and `heal run`. */
export type HealPlanFlags = SnapshotSource & Parameters<typeof healPolicy>[0]

/** Reads the cluster (or the file), gathers evidence of a live one, and plans. Prints nothing, changes no cluster. */
export async function makeHealPlan(
  context: ReadContext,
  flags: HealPlanFlags,
  tools: SnapshotTools,
  options: HealPlanOptions = {},
): Promise<HealPlanMade> {
  const { snapshot: read, settings } = await startPlanning(context, flags, {
    ...tools,
    evidenceNext: true,
  })
  const policy = healPolicy(flags, settings)
  const { planHeal } = await import('../planners/heal/plan-heal.js')
  const { assemblePlan } = await import('../plan/assemble-plan.js')
  if (flags['from-snapshot'] !== undefined) {
    const plan = assemblePlan(read, planHeal(read, policy))
    return { snapshot: read, plan, memory: null }
  }
  const { withEvidence } = await import('./compose-evidence.js')
  const { longestGap } = await import('../health/memory/remember.js')
  const longestGapMs = longestGap(policy.minDeadForMs)
  const { shared } = options
  const { snapshot, memory } = await withEvidence(context, read, tools, {
    longestGapMs,
    ...(flags.observe !== undefined && { withSamples: true }),
    ...(shared !== undefined && { shared }),
  })
  return { snapshot, plan: assemblePlan(snapshot, planHeal(snapshot, policy)), memory }
}
