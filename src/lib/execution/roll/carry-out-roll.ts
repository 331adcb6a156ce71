import { OperatorError } from '../../errors/operator-error.js'
import type { Plan } from '../../plan/plan.js'
import type { RollReport, RollReportBroker } from '../../plan/roll-report.js'
import type { ExecutionEnd } from '../../plan/execution-report.js'
import type { Journal } from '../../ports/journal.js'
import { preflight } from './preflight.js'
import type { ProcessIdentity } from './read-service.js'
import type { RollBaseline, RollDeps, RollOptions } from './roll-deps.js'
import { restartSteps } from './roll-journal.js'
import type { RollOutcome } from './run-roll.js'
import { runRoll } from './run-roll.js'

/** One run of a roll: the first, or one that goes on. */
export interface RollRun {
  readonly plan: Plan
  readonly deps: RollDeps
  readonly journal: Journal
  readonly options: RollOptions
  readonly baseline: RollBaseline
  /** Brokers that are done already. */
  readonly done: ReadonlySet<number>
  readonly interrupted: ReadonlyMap<number, ProcessIdentity | null>
  readonly canary?: number
  readonly activeController: () => Promise<number | null>
}

function endOf(outcome: RollOutcome): ExecutionEnd {
  const { failure, brokers } = outcome
  if (failure === null)
    return brokers.some((broker) => broker.result === 'not-started') ? 'stopped' : 'finished'
  return failure.exit === 'interrupted' ? 'interrupted' : 'failed'
}

function describe(run: RollRun, outcome: RollOutcome, seconds: number): RollReport {
  const doneBefore = [...run.done].map((broker): RollReportBroker => ({
    broker,
    result: 'done-before',
    seconds: 0,
  }))
  const { failure } = outcome
  return {
    planId: run.plan.id,
    clusterId: run.plan.cluster.id,
    journal: run.journal.path,
    complete: endOf(outcome) === 'finished',
    brokers: [...doneBefore, ...outcome.brokers],
    seconds,
    exit: failure?.exit ?? 'done',
    ...(failure === null
      ? {}
      : {
          failure: { code: failure.code, message: failure.message, nextSteps: failure.nextSteps },
        }),
  }
}

/** Some host is not ready: what an earlier run left down is brought up all the same, and nothing else is touched. */
async function healOnly(run: RollRun, failure: OperatorError): Promise<RollOutcome> {
  const { deps, baseline, options, interrupted, activeController } = run
  const remaining = restartSteps(run.plan).filter((step) => !run.done.has(step.broker))
  const steps = remaining.filter((step) => interrupted.has(step.broker))
  const work = { steps, baseline, options, interrupted, activeController }
  const healed = steps.length === 0 ? null : await runRoll(deps, work)
  const untouched = remaining
    .filter((step) => !interrupted.has(step.broker))
    .map(({ broker }) => ({ broker, result: 'not-started' as const, seconds: 0 }))
  return {
    brokers: [...(healed?.brokers ?? []), ...untouched],
    failure: healed?.failure ?? failure,
  }
}

/** A failed preflight is an end like any other: nothing was stopped, and the journal says so. */
async function runAfterPreflight(run: RollRun): Promise<RollOutcome> {
  const steps = restartSteps(run.plan).filter((step) => !run.done.has(step.broker))
  const { deps, baseline, options, interrupted, canary, activeController } = run
  try {
    await preflight(
      deps,
      steps.map((step) => step.broker),
      options.times.remoteTimeoutMs,
    )
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return healOnly(run, error)
  }
  return runRoll(deps, {
    steps,
    baseline,
    options,
    interrupted,
    activeController,
    ...(canary === undefined ? {} : { canary }),
  })
}

/** Runs a roll to its end, whichever that is, and writes the end into the journal. */
export async function carryOutRoll(run: RollRun): Promise<RollReport> {
  const { clock } = run.deps
  const startedMs = clock.nowMs()
  const outcome = await runAfterPreflight(run)
  const message = outcome.failure?.message ?? 'every broker restarted'
  await run.journal.append([
    { type: 'ended', at: new Date(clock.nowMs()).toISOString(), outcome: endOf(outcome), message },
  ])
  return describe(run, outcome, Math.round((clock.nowMs() - startedMs) / 1000))
}
