import type { Settings } from '../config/settings.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan, PlanDraft } from '../plan/plan.js'
import type { Outcome } from './outcome.js'
import type { PlanOutput } from './plan-outcome.js'
import type { ContextInput } from './read-context.js'
import type { SnapshotSource, SnapshotTools } from './compose-snapshot.js'

/** Makes the draft; whatever it imports, it imports late. */
export type Draw = (snapshot: Snapshot, settings: Settings) => Promise<PlanDraft> | PlanDraft

/** The course of every plan command: open the cluster or the file, draw, seal, write, show. Nothing here can write to a cluster. */
export async function makePlan(
  input: ContextInput,
  flags: SnapshotSource & PlanOutput,
  tools: SnapshotTools,
  draw: Draw,
): Promise<Outcome<Plan>> {
  const { openReadContext } = await import('./read-context.js')
  const { obtainSnapshot } = await import('./compose-snapshot.js')
  const context = await openReadContext(input)
  const snapshot = await obtainSnapshot(context, flags, tools)
  const draft = await draw(snapshot, context.settings)
  const { assemblePlan } = await import('../plan/assemble-plan.js')
  const { planOutcome } = await import('./plan-outcome.js')
  return planOutcome(assemblePlan(snapshot, draft), flags, snapshot)
}
