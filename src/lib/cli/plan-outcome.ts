import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import { connectionWords, quote, type ConnectionWords } from './connection-words.js'
import type { Outcome } from './outcome.js'

/** Flags that {@link planOutcome} acts upon. */
export interface PlanOutput extends ConnectionWords {
  readonly output?: string | undefined
  readonly 'kafka-json'?: string | undefined
  readonly 'detailed-exitcode'?: boolean
  readonly full?: boolean
  /** Show one partition instead of the whole plan. */
  readonly explain?: string | undefined
}

function clusterWords(flags: PlanOutput, plan: Plan): string {
  const words = connectionWords(flags)
  if (words !== '' || plan.cluster.name === undefined) return words
  return ` --cluster ${quote(plan.cluster.name)}`
}

function nextSteps(plan: Plan, flags: PlanOutput): readonly string[] {
  if (plan.outcome !== 'changes') return []
  if (flags.output === undefined) return ['add --output plan.json to keep this plan and execute it']
  const verb = plan.kind === 'roll' ? 'roll restart' : 'reassign execute'
  return [`klinic ${verb} ${quote(flags.output)}${clusterWords(flags, plan)}`]
}

async function writeFiles(plan: Plan, flags: PlanOutput): Promise<void> {
  const files = await import('./compose-files.js')
  if (flags.output !== undefined) await files.writePlanFile(flags.output, plan)
  const kafkaJson = flags['kafka-json']
  if (kafkaJson === undefined) return
  const { wantedLists } = await import('../plan/kafka-json.js')
  await files.writeKafkaJsonFile(kafkaJson, wantedLists(plan, 'target'))
  await files.writeKafkaJsonFile(`${kafkaJson}.rollback`, wantedLists(plan, 'original'))
}

/**
 * The end of every plan command: files are written (never for a refused plan), the plan is shown, exit 3 when it was
 * refused, 2 when it has steps and `--detailed-exitcode` was given.
 */
export async function planOutcome(
  plan: Plan,
  flags: PlanOutput,
  snapshot: Snapshot | null = null,
): Promise<Outcome<Plan>> {
  const refused = plan.outcome === 'refused'
  if (!refused) await writeFiles(plan, flags)
  const { explainPartition } = await import('../report/plan/explain-text.js')
  const { renderPlan } = await import('../report/plan/plan-text.js')
  const pending = plan.outcome === 'changes' && flags['detailed-exitcode'] === true
  const { explain } = flags
  return {
    json: plan,
    text: (style) =>
      explain === undefined
        ? renderPlan(plan, style, { full: flags.full === true })
        : explainPartition(plan, explain, snapshot, style),
    exit: refused ? refusalOf(plan) : pending ? 'changesPending' : 'done',
    next: nextSteps(plan, flags),
    quietWhenDone: plan.outcome === 'no-changes',
  }
}

const FOR_LATER = new Set([
  'DEAD_TOO_SHORT',
  'DEAD_SINCE_UNKNOWN',
  'RESTART_IN_PROGRESS',
  'TOO_MANY_AWAY',
])

/** Refused for now only (75) when nothing but time stands in the way; else refused (3). */
function refusalOf(plan: Plan): 'refused' | 'tryLater' {
  const blockers = plan.findings.filter(({ severity }) => severity === 'blocker')
  const later = blockers.length > 0 && blockers.every(({ code }) => FOR_LATER.has(code))
  return later ? 'tryLater' : 'refused'
}
