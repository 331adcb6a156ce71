import { OperatorError } from '../../errors/operator-error.js'
import type { Plan, RestartStep } from '../../plan/plan.js'
import type { RollReport, RollReportBroker } from '../../plan/roll-report.js'
import type { ExecutionEnd } from '../../plan/execution-report.js'
import type { DrainedPartition, Journal } from '../../ports/journal.js'
import { describeShortStops, type HostCheck, preflight } from './preflight.js'
import type { ProcessIdentity } from './read-service.js'
import type { HooksWhileDown, RollBaseline, RollDeps, RollOptions } from './roll-deps.js'
import { restartSteps } from './roll-journal.js'
import type { RestartOutcome, RollOutcome } from './run-roll.js'
import { endUnrecorded } from './unrecorded.js'
import { runRoll } from './run-roll.js'
import { findRestartedSince } from './skip-restarted.js'

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
  readonly drained?: ReadonlyMap<number, readonly DrainedPartition[]>
  readonly hooksBefore?: ReadonlyMap<number, HooksWhileDown>
  /** Seconds that restarts of earlier rolls took. */
  readonly measured?: readonly number[]
  /** Brokers whose process started since are left as they are; null: every one restarts. */
  readonly startedBeforeMs?: number | null
  readonly canary?: number
  readonly pauseAfter?: number
  /** Brings up what is down, and ends the roll for good. */
  readonly abandon?: boolean
  readonly activeController: () => Promise<number | null>
}

function endOf(outcome: RollOutcome, run: RollRun): ExecutionEnd {
  const { failure, brokers } = outcome
  if (failure !== null) return failure.exit === 'interrupted' ? 'interrupted' : 'failed'
  if (run.abandon === true) return 'cancelled'
  return brokers.some((broker) => broker.result === 'not-started') ? 'stopped' : 'finished'
}

function describe(run: RollRun, outcome: RollOutcome, seconds: number): RollReport {
  const doneBefore = [...run.done].map((broker): RollReportBroker => ({
    broker,
    result: 'done-before',
    seconds: 0,
  }))
  const { failure, etaSeconds = null } = outcome
  const end = endOf(outcome, run)
  return {
    planId: run.plan.id,
    clusterId: run.plan.cluster.id,
    journal: run.journal.path,
    complete: end === 'finished',
    ...(end === 'cancelled' ? { abandoned: true } : {}),
    brokers: [...doneBefore, ...outcome.brokers],
    seconds,
    ...(etaSeconds === null || end === 'cancelled' ? {} : { etaSeconds }),
    exit: failure?.exit ?? 'done',
    ...(failure === null
      ? {}
      : {
          failure: { code: failure.code, message: failure.message, nextSteps: failure.nextSteps },
        }),
  }
}

const untouched = ({ broker }: RestartStep): RestartOutcome => ({
  broker,
  result: 'not-started',
  seconds: 0,
})

function workOf(run: RollRun, steps: readonly RestartStep[]): Parameters<typeof runRoll>[1] {
  const { baseline, options, interrupted, activeController } = run
  const { drained, hooksBefore, measured, canary, pauseAfter } = run
  return {
    steps,
    baseline,
    options,
    interrupted,
    activeController,
    ...(drained === undefined ? {} : { drained }),
    ...(hooksBefore === undefined ? {} : { hooksBefore }),
    ...(measured === undefined ? {} : { measured }),
    ...(canary === undefined ? {} : { canary }),
    ...(pauseAfter === undefined ? {} : { pauseAfter }),
  }
}

/** Brings up what an earlier run left down, and touches nothing else; `failure` is why it goes no further. */
async function healOnly(run: RollRun, failure: OperatorError | null): Promise<RollOutcome> {
  const { deps, interrupted } = run
  const remaining = restartSteps(run.plan).filter((step) => !run.done.has(step.broker))
  const steps = remaining.filter((step) => interrupted.has(step.broker))
  const finishing = failure === null ? 'give-up' : 'heal'
  const work = { ...workOf(run, steps), finishing } as const
  const healed = steps.length === 0 ? null : await runRoll(deps, work)
  const others = remaining.filter((step) => !interrupted.has(step.broker)).map(untouched)
  return {
    brokers: [...(healed?.brokers ?? []), ...others],
    failure: healed?.failure ?? failure,
  }
}

/** Brokers that are new enough already are done, and the journal says so: a resume passes over them too. */
async function skipRestarted(
  run: RollRun,
  checks: readonly HostCheck[],
): Promise<ReadonlySet<number>> {
  const { deps, startedBeforeMs = null, interrupted } = run
  const recent = findRestartedSince(checks, startedBeforeMs, deps.clock.nowMs()).filter(
    (broker) => !interrupted.has(broker),
  )
  for (const broker of recent) {
    const message = 'started since the moment of --started-before'
    await deps.record({ broker, phase: 'done', message })
    deps.say({ type: 'warning', broker, text: `${message}: left as it is` })
  }
  return new Set(recent)
}

function remoteHooks({ hooks, hooksRunLocally }: RollOptions): readonly string[] {
  return hooksRunLocally ? [] : Object.values(hooks).filter((hook) => hook.trim() !== '')
}

/** A group that does not exist would keep the first gate waiting until it stalls. */
async function refuseUnknownGroups(deps: RollDeps): Promise<void> {
  const unknown = await deps.unknownGroups()
  if (unknown.length === 0) return
  throw new OperatorError({
    code: 'CONSUMER_GROUP_UNKNOWN',
    message: `nobody knows consumer group ${unknown.join(', ')} of --consumer-gate; nothing was stopped`,
    nextSteps: ['klinic consumer health GROUP', 'correct --consumer-gate'],
    exit: 'refused',
  })
}

/** A failed preflight is an end like any other: nothing was stopped, and the journal says so. */
async function runAfterPreflight(run: RollRun): Promise<RollOutcome> {
  if (run.abandon === true) return healOnly(run, null)
  const { deps, options } = run
  const steps = restartSteps(run.plan).filter((step) => !run.done.has(step.broker))
  const brokers = steps.map((step) => step.broker)
  const wish = { timeoutMs: options.times.remoteTimeoutMs, remoteHooks: remoteHooks(options) }
  let recent: ReadonlySet<number>
  try {
    await refuseUnknownGroups(deps)
    const checks = await preflight(deps, brokers, wish)
    const text = describeShortStops(checks)
    if (text !== null) deps.say({ type: 'warning', broker: null, text })
    recent = await skipRestarted(run, checks)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return healOnly(run, error)
  }
  const due = steps.filter((step) => !recent.has(step.broker))
  const outcome = await runRoll(deps, workOf(run, due))
  const skipped = [...recent].map((broker): RestartOutcome => ({
    broker,
    result: 'not-needed',
    seconds: 0,
    message: 'started since the moment of --started-before',
  }))
  return { ...outcome, brokers: [...skipped, ...outcome.brokers] }
}

/** Writes the end into the journal. One that takes no more records does not take the report away: that is a failure of its own. */
async function recordEnd(run: RollRun, outcome: RollOutcome): Promise<RollOutcome> {
  const end = endOf(outcome, run)
  const done = end === 'cancelled' ? 'abandoned as asked' : 'every broker restarted'
  const message = outcome.failure?.message ?? done
  const at = new Date(run.deps.clock.nowMs()).toISOString()
  try {
    await run.journal.append([{ type: 'ended', at, outcome: end, message }])
    return outcome
  } catch (error) {
    return { ...outcome, failure: outcome.failure ?? endUnrecorded(error) }
  }
}

/** Runs a roll to its end, whichever that is, and writes the end into the journal. */
export async function carryOutRoll(run: RollRun): Promise<RollReport> {
  const { clock } = run.deps
  const startedMs = clock.nowMs()
  const outcome = await recordEnd(run, await runAfterPreflight(run))
  return describe(run, outcome, Math.round((clock.nowMs() - startedMs) / 1000))
}
