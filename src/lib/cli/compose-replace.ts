import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { exists } from '../adapters/files/exists.js'
import {
  fileNameOf,
  preparePrivateDirectory,
  stateDirectory,
} from '../adapters/journal/state-directory.js'
import { runProgram } from '../adapters/local/run-program.js'
import { openProcessWitness } from '../adapters/system/process-witness.js'
import { viewState } from '../coordination/view-state.js'
import { OperatorError } from '../errors/operator-error.js'
import { raiseAlerts, type AlertDeps } from '../execution/alerts/raise-alerts.js'
import type { ClusterHold } from '../execution/lock/hold-cluster.js'
import type { ExecutionEvent } from '../execution/reassign/events.js'
import { foldJournal, isOver } from '../execution/reassign/execution-state.js'
import type {
  ReplaceLook,
  ReplacePorts,
  ReplaceRequest,
} from '../execution/replace/run-replacement.js'
import { diagnose } from '../health/diagnose.js'
import { parseSightings } from '../health/memory/shared.js'
import { assemblePlan } from '../plan/assemble-plan.js'
import type { ExecutionReport } from '../plan/execution-report.js'
import { formatPlan } from '../plan/format-plan.js'
import type { Plan } from '../plan/plan.js'
import { planDrain } from '../planners/drain/plan-drain.js'
import type { StateStore } from '../ports/coordination.js'
import { withEvidence } from './compose-evidence.js'
import { writePlanFile } from './compose-files.js'
import { noteAction, withJournalsToRead } from './compose-journal.js'
import { readCluster, type SnapshotTools } from './compose-snapshot.js'
import { carryOut, prepareOrRefuse } from './execute-plan.js'
import { runSettings } from './reassign-flags.js'
import { goOn } from './take-up-execution.js'
import { capacityPolicy } from './target-flags.js'
import type { WriteContext } from './write-context.js'

/** What a replacement is made of; the lock is held. */
export interface ReplaceParts {
  readonly context: WriteContext
  readonly tools: SnapshotTools
  readonly state: StateStore
  readonly hold: ClusterHold
  readonly request: ReplaceRequest
  readonly minDeadForMs: number
  readonly requireAudit: boolean | undefined
  readonly onEvent: (event: ExecutionEvent) => void
  readonly alerts: AlertDeps
}

/** The ports of a replacement with the real cluster, state, journals and script. */
export function openReplacePorts(parts: ReplaceParts): ReplacePorts {
  const { context, tools, state, hold, request, requireAudit } = parts
  const { clusterId, broker } = request
  const warn = (text: string): void => tools.ui.warn(text)
  return {
    nowMs: () => context.clock.nowMs(),
    look: () => look(parts),
    prove: () => hold.prove(),
    isGone: async (witness) => (await openProcessWitness()).isGone(witness),
    drain: (seen) => drain(parts, seen),
    run: async (env, onStarted) => {
      const witness = await openProcessWitness()
      return runProgram({
        argv: request.argv,
        env,
        timeoutMs: request.timeoutMs,
        onStarted: async (pid) => onStarted(await witness.of(pid)),
      })
    },
    remember: (changes) => state.write(changes),
    tell: async (causes) => {
      try {
        await raiseAlerts(parts.alerts, causes)
      } catch (error) {
        // The replacement ended as it did, whoever learns of it.
        if (!(error instanceof OperatorError)) throw error
        warn(`people could not be told: ${error.message}`)
      }
    },
    note: (message, outcome) => {
      const note = {
        clusterId,
        what: 'broker replace',
        subject: `broker ${broker}`,
        message,
        outcome,
      }
      return noteAction(context, { warn, requireAudit }, note)
    },
  }
}

async function look({
  context,
  tools,
  state,
  request,
  minDeadForMs,
}: ReplaceParts): Promise<ReplaceLook> {
  const view = viewState(await state.read(), context.clock.nowMs())
  const live = await readCluster(context, tools.ui, { evidenceNext: true })
  const shared = parseSightings(view.firstSeen)
  const { snapshot, memory } = await withEvidence(context, live, tools, { shared })
  const { verdicts } = diagnose(snapshot, { minDeadForMs })
  const found = snapshot.brokers.find(({ id }) => id === request.broker)
  const known = memory.get(request.broker)
  const isAt = found !== undefined && found.host !== ''
  const host = isAt ? found.host : (known?.host ?? '')
  const port = isAt ? found.port : (known?.port ?? 0)
  const rack = found?.rack ?? known?.rack
  const address = { host, port, ...(rack !== undefined && { rack }) }
  return { snapshot, verdicts, state: view, replacement: view.replacement, address }
}

/** A person said when: a window of klinic.yaml is for what nobody watches. */
const ANY_TIME = { 'ignore-windows': true } as const

/** An execution that an earlier replacement left is gone on with first: its plan was kept here, by that it is known. */
async function drain(
  parts: ReplaceParts,
  { snapshot }: ReplaceLook,
): Promise<ExecutionReport | null> {
  const { context, request, tools } = parts
  const left = await findLeft(parts)
  if (left !== null) {
    const { runSession } = await import('../execution/reassign/session.js')
    const lock = { held: parts.hold }
    const going = {
      state: left,
      verb: 'resume',
      flags: ANY_TIME,
      lock,
      stop: tools.signal,
    } as const
    return goOn(context, { ...going, onEvent: parts.onEvent }, runSession)
  }
  const plan = assemblePlan(
    snapshot,
    planDrain(snapshot, {
      ...capacityPolicy({}, context.settings),
      brokers: [request.broker],
      ignoreCapacity: true,
      allowPartial: request.lifts.has('accept-data-loss'),
    }),
  )
  if (plan.outcome === 'refused') throw notDrainable(plan)
  return plan.outcome === 'no-changes' ? null : executeDrain(parts, plan, snapshot)
}

async function executeDrain(
  parts: ReplaceParts,
  plan: Plan,
  snapshot: ReplaceLook['snapshot'],
): Promise<ExecutionReport> {
  const { context, tools, hold, onEvent, requireAudit } = parts
  const lifted = new Set<never>()
  const settings = runSettings({}, context.settings, lifted)
  const { throttleBytesPerSec } = settings
  const preparation = await prepareOrRefuse({ plan, snapshot, flags: lifted, throttleBytesPerSec })
  for (const text of preparation.warnings) tools.ui.warn(text)
  await preparePrivateDirectory(stateDirectory(process.env))
  await preparePrivateDirectory(planDirectory(plan.cluster.id))
  const planFile = planPath(plan.cluster.id, plan.id)
  await writePlanFile(planFile, plan)
  return carryOut(context, {
    plan,
    planFile,
    planSha256: createHash('sha256').update(formatPlan(plan)).digest('hex'),
    preparation,
    settings,
    stop: tools.signal,
    onEvent,
    requireAudit,
    lock: { held: hold },
  })
}

async function findLeft({ context, request, tools }: ReplaceParts) {
  const { clusterId } = request
  const warn = (text: string): void => tools.ui.warn(text)
  const journals = await withJournalsToRead(context, { warn }, (store) => store.list(clusterId))
  for (const { records } of journals) {
    const begun = foldJournal(records)
    if (begun === null || isOver(begun)) continue
    if (await exists(planPath(clusterId, begun.started.plan.id))) return begun
  }
  return null
}

const planDirectory = (clusterId: string): string =>
  join(stateDirectory(process.env), 'replace', fileNameOf(clusterId))

const planPath = (clusterId: string, planId: string): string =>
  join(planDirectory(clusterId), `${fileNameOf(planId)}.json`)

function notDrainable(plan: Plan): OperatorError {
  const blockers = plan.findings.filter(({ severity }) => severity === 'blocker')
  return new OperatorError({
    code: 'CANNOT_BE_DRAINED',
    message: `leadership cannot be taken away from it: ${blockers.map(({ message }) => message).join('; ')}`,
    nextSteps: ['klinic drain plan, to see what stands in the way'],
    exit: 'refused',
  })
}
