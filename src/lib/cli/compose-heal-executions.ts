import { createHash } from 'node:crypto'
import { join } from 'node:path'

import {
  fileNameOf,
  preparePrivateDirectory,
  stateDirectory,
} from '../adapters/journal/state-directory.js'
import { OperatorError } from '../errors/operator-error.js'
import type { HealLook } from '../execution/heal/judge-heal.js'
import type { BegunExecution, PreparedHeal } from '../execution/heal/run-heal.js'
import type { ClusterHold } from '../execution/lock/hold-cluster.js'
import type { ExecutionReport } from '../plan/execution-report.js'
import type { Plan } from '../plan/plan.js'
import { withJournalsToRead } from './compose-journal.js'
import { writePlanFile } from './compose-files.js'
import { carryOut, prepareOrRefuse } from './execute-plan.js'
import { liftedBy, runSettings } from './reassign-flags.js'
import type { HealRunParts } from './heal-run-parts.js'
import { goOn } from './take-up-execution.js'
import { windowChoice } from './window-flags.js'

/** What stands in the journal of an execution that a heal run began: any host may go on with it. */
const HEAL_RUN = 'heal run'

/** An unfinished execution of any host; what a heal run began says so in its journal. */
export async function findBegunHeal({
  context,
  clusterId,
  tools,
}: HealRunParts): Promise<BegunExecution | null> {
  const { foldJournal, isOver } = await import('../execution/reassign/execution-state.js')
  const warn = (text: string): void => tools.ui.warn(text)
  const journals = await withJournalsToRead(context, { warn }, (store) => store.list(clusterId))
  for (const { records } of journals) {
    const begun = foldJournal(records)
    if (begun === null || isOver(begun) || begun.started.plan.kind === 'roll') continue
    const { plan, options } = begun.started
    return { planId: plan.id, isOurs: options['begunBy'] === HEAL_RUN }
  }
  return null
}

/** Goes on with an execution, under a lock that is held. */
export async function resumeHeal(
  parts: HealRunParts,
  hold: ClusterHold,
  planId: string,
): Promise<ExecutionReport> {
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
    { state, verb: 'resume', flags, lock: { held: hold }, reason: HEAL_RUN, stop, onEvent },
    runSession,
  )
}

/** Holds a plan against the guards and the windows; what stands in the way comes back as the error that says so. */
export async function prepareHeal(
  parts: HealRunParts,
  hold: ClusterHold,
  { plan, snapshot }: HealLook,
): Promise<PreparedHeal | OperatorError> {
  const { context, flags, tools, onEvent } = parts
  const lifted = liftedBy(flags)
  const { scheduleOrRefuse } = await import('./execution-window.js')
  try {
    const until = await scheduleOrRefuse(context, flags)
    const pace = runSettings(flags, context.settings, lifted)
    const settings = { ...pace, until, ...windowChoice(flags) }
    const throttleBytesPerSec = settings.autoThrottle?.max ?? settings.throttleBytesPerSec
    const preparation = await prepareOrRefuse({
      plan,
      snapshot,
      flags: lifted,
      throttleBytesPerSec,
    })
    for (const text of preparation.warnings) tools.ui.warn(text)
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
          begunBy: HEAL_RUN,
          reason: whyHealed(plan),
        })
        return { file: kept.file, report }
      },
    }
  } catch (error) {
    if (error instanceof OperatorError) return error
    throw error
  }
}

/** What is sick, as the first step says it. */
function whyHealed({ steps }: Plan): string {
  const reasons = new Set(steps.map(({ reason }) => reason.text))
  const [first = 'nothing'] = reasons
  const more = reasons.size > 1 ? ` and ${reasons.size - 1} more reasons` : ''
  return `${HEAL_RUN}: ${first}${more}`
}

const planDirectory = (clusterId: string): string =>
  join(stateDirectory(process.env), 'heal', fileNameOf(clusterId))

const planPath = (clusterId: string, planId: string): string =>
  join(planDirectory(clusterId), `${fileNameOf(planId)}.json`)

/** Kept beside its way back, for whoever wants to read what was done. */
async function keepPlan(plan: Plan): Promise<{ readonly file: string; readonly sha256: string }> {
  const { formatPlan } = await import('../plan/format-plan.js')
  await preparePrivateDirectory(stateDirectory(process.env))
  await preparePrivateDirectory(planDirectory(plan.cluster.id))
  const file = planPath(plan.cluster.id, plan.id)
  await writePlanFile(file, plan)
  return { file, sha256: createHash('sha256').update(formatPlan(plan)).digest('hex') }
}
