import { createHash } from 'node:crypto'

import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'
import { formatPlan } from '../plan/format-plan.js'
import type { Plan, RestartStep } from '../plan/plan.js'
import { readPlanSource } from './compose-files.js'
import { makeRollPlan, type RollSources } from './make-roll-plan.js'
import type { RollFlagValues } from './roll-flags.js'

function refuse(
  code: string,
  message: string,
  exit: 'stale' | 'usage' | 'refused',
  next: readonly string[],
): OperatorError {
  return new OperatorError({
    code,
    message: `${message} Nothing was stopped.`,
    nextSteps: next,
    exit,
  })
}

/** A controller is no broker, and a sick broker restarts because it is not there. */
const mustBeThere = ({ role, reason }: RestartStep): boolean =>
  role !== 'controller' && reason.code !== 'SICK_FIRST'

function refuseUnfit(plan: Plan, snapshot: Snapshot, source: string): void {
  if (plan.kind !== 'roll') {
    throw refuse('NOT_A_ROLL', `Plan ${plan.id} moves replicas; it restarts nothing.`, 'usage', [
      `klinic reassign execute ${source}`,
    ])
  }
  if (plan.cluster.id !== snapshot.cluster.id) {
    throw refuse(
      'OTHER_CLUSTER',
      `Plan ${plan.id} is for cluster ${plan.cluster.id}; this is ${snapshot.cluster.id}.`,
      'stale',
      ['klinic roll plan'],
    )
  }
  const alive = new Set(
    snapshot.brokers.filter((broker) => broker.state !== 'dead').map((broker) => broker.id),
  )
  const gone = plan.steps.flatMap((step) =>
    step.type === 'restart' && mustBeThere(step) && !alive.has(step.broker) ? [step.broker] : [],
  )
  if (gone.length > 0) {
    throw refuse(
      'BROKERS_GONE',
      `Brokers ${gone.join(', ')} of plan ${plan.id} are not there now.`,
      'stale',
      ['klinic cluster check'],
    )
  }
}

function refuseRefused(plan: Plan): void {
  const blockers = plan.findings.filter((finding) => finding.severity === 'blocker')
  if (plan.outcome !== 'refused') return
  throw refuse(
    blockers[0]?.code ?? 'REFUSED',
    `${blockers.map((finding) => `${finding.subject}: ${finding.message}`).join('. ')}.`,
    'refused',
    [...new Set(blockers.flatMap((finding) => finding.nextSteps))],
  )
}

/** The plan of the file, held against the cluster as it is; or a plan made now from the same flags as `roll plan`. */
export async function choosePlan(
  file: string | undefined,
  flags: RollFlagValues,
  from: RollSources,
): Promise<{ readonly plan: Plan; readonly sha256: string }> {
  const { snapshot } = from
  if (file === undefined) {
    const plan = makeRollPlan(from, flags)
    refuseRefused(plan)
    return { plan, sha256: createHash('sha256').update(formatPlan(plan)).digest('hex') }
  }
  const source = await readPlanSource(file)
  if (source.kind !== 'plan') {
    throw refuse(
      'NOT_A_ROLL',
      `${source.name} is Kafka's reassignment JSON; it restarts nothing.`,
      'usage',
      [`klinic reassign execute ${file}`],
    )
  }
  refuseUnfit(source.plan, snapshot, file)
  refuseRefused(source.plan)
  return { plan: source.plan, sha256: source.sha256 }
}

/** What is confirmed, as a phrase. */
export function describeRoll(plan: Plan): string {
  const steps = plan.steps.filter((step) => step.type === 'restart')
  const batches = new Set(steps.map((step) => step.batch)).size
  return `restart ${steps.length} broker${steps.length === 1 ? '' : 's'} in ${batches} batch${batches === 1 ? '' : 'es'}`
}
