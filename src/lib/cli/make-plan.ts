import type { Settings } from '../config/settings.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan, PlanDraft } from '../plan/plan.js'
import type { SnapshotSource, SnapshotTools } from './compose-snapshot.js'
import { openPlanning } from './open-planning.js'
import type { Outcome } from './outcome.js'
import type { PlanOutput } from './plan-outcome.js'
import type { ContextInput } from './read-context.js'

/** Makes the draft; whatever it imports, it imports late. */
export type Draw = (snapshot: Snapshot, settings: Settings) => Promise<PlanDraft>

/** The course of every plan command: open the cluster or the file, draw, seal, write the plan, show it. */
export async function makePlan(
  input: ContextInput,
  flags: SnapshotSource & PlanOutput,
  tools: SnapshotTools,
  draw: Draw,
): Promise<Outcome<Plan>> {
  const { snapshot, settings } = await openPlanning(input, flags, tools)
  const draft = await draw(snapshot, settings)
  const { assemblePlan } = await import('../plan/assemble-plan.js')
  const { planOutcome } = await import('./plan-outcome.js')
  return planOutcome(assemblePlan(snapshot, draft), flags, snapshot)
}
