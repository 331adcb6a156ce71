import { OperatorError } from '../../errors/operator-error.js'
import type { RestartStep } from '../../plan/plan.js'
import { estimateRollSeconds } from '../../planners/roll/estimate-roll.js'
import type { DrainedPartition } from '../../ports/journal.js'
import type { ProcessIdentity } from './read-service.js'
import { finishRestart, type Finishing } from './finish-restart.js'
import {
  type Batch,
  batchesOf,
  interruptedFirst,
  isUrgent,
  postponeController,
} from './order-batches.js'
import { askToGoOn, measurePace, type Pace } from './pause-after.js'
import { restartBroker } from './restart-broker.js'
import { returnLeaders } from './return-leaders.js'
import type {
  HooksWhileDown,
  RestartJob,
  RollBaseline,
  RollDeps,
  RollOptions,
} from './roll-deps.js'
import { soak } from './soak.js'
import { outliveTheJournal } from './unrecorded.js'
import { watchOutage } from './watch-outage.js'
import { waitForGate } from './wait-for-gate.js'

/** What became of one broker. */
export interface RestartOutcome {
  readonly broker: number
  readonly result: 'restarted' | 'failed' | 'not-started' | 'not-needed'
  readonly seconds: number
  readonly message?: string
  readonly code?: string
  readonly outage?: { readonly partitions: number; readonly seconds: number }
}

/** What became of the whole roll; `failure` is the error that decides the exit code. */
export interface RollOutcome {
  readonly brokers: readonly RestartOutcome[]
  readonly failure: OperatorError | null
  /** What remains would take this long; null when nothing remains, or nothing was measured. */
  readonly etaSeconds?: number | null
}

/** The work of a roll: batches in order; those of `done` were finished by an earlier run. */
export interface RollWork {
  readonly steps: readonly RestartStep[]
  readonly baseline: RollBaseline
  readonly options: RollOptions
  /** Brokers that an earlier run had begun to stop, with the process it wanted to stop: they come first. */
  readonly interrupted?: ReadonlyMap<number, ProcessIdentity | null>
  /** Replica lists whose order an earlier run changed, by broker. */
  readonly drained?: ReadonlyMap<number, readonly DrainedPartition[]>
  /** What came of the hooks of an earlier run while a broker was down, by broker. */
  readonly hooksBefore?: ReadonlyMap<number, HooksWhileDown>
  /** Seconds that restarts of earlier runs took. */
  readonly measured?: readonly number[]
  /** How far brokers are taken that an earlier run had begun to stop. */
  readonly finishing?: Finishing
  /** Stop after this many brokers and leave the rest to `roll resume`. */
  readonly canary?: number
  /** After this many brokers the operator is asked whether the others shall follow. */
  readonly pauseAfter?: number
  /** Asked before each batch: the active controller, which is put last again if it moved. */
  readonly activeController: () => Promise<number | null>
}

function asOperatorError(error: unknown): OperatorError {
  if (error instanceof OperatorError) return error
  // Thrown further it would end this process while the other brokers of the batch are down.
  const message = error instanceof Error ? error.message : String(error)
  const nextSteps = ['klinic cluster check', 'klinic roll resume']
  return new OperatorError({
    code: 'UNEXPECTED',
    message,
    nextSteps,
    exit: 'needsPerson',
    cause: error,
  })
}

interface Ran {
  readonly outcome: RestartOutcome
  readonly error: OperatorError | null
}

async function runOne(shared: RollDeps, work: RollWork, job: RestartJob): Promise<Ran> {
  const startedMs = shared.clock.nowMs()
  const seconds = (): number => Math.round((shared.clock.nowMs() - startedMs) / 1000)
  const { broker } = job.step
  const { baseline, options, interrupted } = work
  const before = interrupted?.get(broker)
  const recorded = outliveTheJournal(shared, broker, before !== undefined)
  const { deps, outageOf } = watchOutage(recorded.deps)
  try {
    let isDone = true
    if (before === undefined) await restartBroker(deps, baseline, options, job)
    else isDone = await finishRestart({ deps, baseline, options, job }, before, work.finishing)
    const result = isDone ? 'restarted' : 'not-started'
    const outcome = { broker, result, seconds: seconds(), ...outageOf(job) } as const
    return { outcome, error: null }
  } catch (caught) {
    const error = await recorded.fail(asOperatorError(caught))
    const { message, code } = error
    return { outcome: { broker, result: 'failed', seconds: seconds(), message, code }, error }
  }
}

/** The worst failure decides: a broker that is down outranks a hook that said no. */
function worstOf(errors: readonly OperatorError[]): OperatorError | null {
  return errors.find((error) => error.exit === 'needsPerson') ?? errors[0] ?? null
}

async function finish(
  deps: RollDeps,
  work: RollWork,
  last: readonly number[],
): Promise<OperatorError | null> {
  try {
    if (work.options.electLeaders) {
      const [snapshot] = await deps.sample(new Set())
      if (snapshot !== undefined) await returnLeaders(deps, snapshot)
    }
    await waitForGate(deps, work.baseline, work.options, {
      broker: null,
      nextStop: new Set(),
      unclean: false,
      judgeLeaders: true,
      avoid: new Set(),
      ask: last,
      interruptible: true,
    })
    return null
  } catch (error) {
    return asOperatorError(error)
  }
}

const INTERRUPTED = {
  code: 'ROLL_INTERRUPTED',
  message: 'stopped as asked: the brokers in flight were finished, no other was touched',
  nextSteps: ['klinic roll resume'],
  exit: 'interrupted',
} as const

interface Progress {
  readonly outcomes: readonly RestartOutcome[]
  readonly waiting: readonly Batch[]
  readonly before: readonly number[]
  /** Seconds that each finished batch took, with those of earlier runs. */
  readonly measured: readonly number[]
  readonly failure: OperatorError | null
}

function jobsOf(work: RollWork, batch: Batch, progress: Progress): readonly RestartJob[] {
  const together = new Set(batch.map((step) => step.broker))
  return batch.map((step, index) => {
    const drained = work.drained?.get(step.broker)
    const hooksBefore = work.hooksBefore?.get(step.broker)
    return {
      step,
      together,
      index: progress.outcomes.length + index + 1,
      total: work.steps.length,
      restartedBefore: progress.before,
      ...(drained === undefined ? {} : { drained }),
      ...(hooksBefore === undefined ? {} : { hooksBefore }),
    }
  })
}

/** The controller is judged anew before each batch, unless the operator's own order holds. */
async function orderNow(work: RollWork, waiting: readonly Batch[]): Promise<readonly Batch[]> {
  if (work.options.keepOrder || isUrgent(waiting[0], work.interrupted)) return waiting
  return postponeController(waiting, await work.activeController())
}

async function runBatch(deps: RollDeps, work: RollWork, progress: Progress): Promise<Progress> {
  const order = await orderNow(work, progress.waiting).catch(asOperatorError)
  if (order instanceof OperatorError) return { ...progress, failure: order }
  const [batch = [], ...waiting] = order
  const startedMs = deps.clock.nowMs()
  const jobs = jobsOf(work, batch, progress)
  const results = await Promise.all(jobs.map((job) => runOne(deps, work, job)))
  const seconds = (deps.clock.nowMs() - startedMs) / 1000
  const errors = results.flatMap((result) => result.error ?? [])
  return {
    outcomes: [...progress.outcomes, ...results.map((result) => result.outcome)],
    waiting,
    before: batch.map((step) => step.broker),
    measured: errors.length > 0 ? progress.measured : [...progress.measured, seconds],
    failure: worstOf(errors),
  }
}

function etaOf({ waiting, measured }: Progress, { options }: RollWork): number | null {
  const seconds = estimateRollSeconds(measured, waiting.length)
  if (seconds === null || waiting.length === 0) return null
  return seconds + Math.round((options.times.soakMs / 1000) * waiting.length)
}

/** True once enough brokers are done for the operator to have a look, and others are left. */
function isPauseDue(work: RollWork, before: Progress, now: Progress): boolean {
  const { pauseAfter = Infinity } = work
  if (now.failure !== null || now.waiting.length === 0) return false
  return before.outcomes.length < pauseAfter && now.outcomes.length >= pauseAfter
}

/** The whole cluster is judged first: what the operator is shown is what stays. */
async function lookBack(
  deps: RollDeps,
  work: RollWork,
  progress: Progress,
  before: Pace | null,
): Promise<{ readonly goesOn: boolean; readonly failure: OperatorError | null }> {
  const failure = await finish(deps, work, askLast(work, progress))
  if (failure !== null) return { goesOn: false, failure }
  const restarted = progress.outcomes.map(({ broker }) => broker)
  return { goesOn: await askToGoOn(deps, restarted, before), failure }
}

async function pause(deps: RollDeps, work: RollWork, progress: Progress): Promise<void> {
  if (progress.failure !== null || progress.waiting.length === 0) return
  const seconds = etaOf(progress, work)
  const remaining = progress.waiting.flat().length
  if (seconds !== null) deps.say({ type: 'eta', broker: null, remaining, seconds })
  await soak(deps, work.options.times)
}

/** Controllers are asked again at the end: no sample of the cluster tells how they are. */
function askLast(work: RollWork, { before, outcomes }: Progress): readonly number[] {
  const restarted = new Set(outcomes.map(({ broker }) => broker))
  const controllers = work.steps.filter(
    ({ role, broker }) => role === 'controller' && restarted.has(broker),
  )
  return [...new Set([...before, ...controllers.map(({ broker }) => broker)])]
}

/**
 * Runs a rolling restart batch by batch. Brokers of one batch restart at the same time; when one fails, those in flight
 * finish and nothing new starts. After the last one a final gate judges the whole cluster.
 */
export async function runRoll(deps: RollDeps, work: RollWork): Promise<RollOutcome> {
  const waiting = interruptedFirst(batchesOf(work.steps), work.interrupted)
  const { measured = [] } = work
  let progress: Progress = { outcomes: [], waiting, before: [], measured, failure: null }
  const pace = work.pauseAfter === undefined ? null : await measurePace(deps)
  while (progress.waiting.length > 0 && progress.failure === null) {
    if (deps.signal.aborted) progress = { ...progress, failure: new OperatorError(INTERRUPTED) }
    if (progress.failure !== null || progress.outcomes.length >= (work.canary ?? Infinity)) break
    const before = progress
    progress = await runBatch(deps, work, progress)
    if (isPauseDue(work, before, progress)) {
      const { goesOn, failure } = await lookBack(deps, work, progress, pace)
      progress = { ...progress, failure }
      if (!goesOn) break
    }
    await pause(deps, work, progress)
  }
  const failure = progress.failure ?? (await finish(deps, work, askLast(work, progress)))
  const untouched = progress.waiting
    .flat()
    .map((step): RestartOutcome => ({ broker: step.broker, result: 'not-started', seconds: 0 }))
  return {
    brokers: [...progress.outcomes, ...untouched],
    failure,
    etaSeconds: etaOf(progress, work),
  }
}
