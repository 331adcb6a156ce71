import { OperatorError } from '../../errors/operator-error.js'
import type { RestartStep } from '../../plan/plan.js'
import type { ProcessIdentity } from './read-service.js'
import { finishRestart, restartBroker } from './restart-broker.js'
import { returnLeaders } from './return-leaders.js'
import type { RestartJob, RollBaseline, RollDeps, RollOptions } from './roll-deps.js'
import { waitForGate } from './wait-for-gate.js'

/** What became of one broker. */
export interface RestartOutcome {
  readonly broker: number
  readonly result: 'restarted' | 'failed' | 'not-started'
  readonly seconds: number
  readonly message?: string
  readonly code?: string
}

/** What became of the whole roll; `failure` is the error that decides the exit code. */
export interface RollOutcome {
  readonly brokers: readonly RestartOutcome[]
  readonly failure: OperatorError | null
}

/** The work of a roll: batches in order; those of `done` were finished by an earlier run. */
export interface RollWork {
  readonly steps: readonly RestartStep[]
  readonly baseline: RollBaseline
  readonly options: RollOptions
  /** Brokers that an earlier run had begun to stop, with the process it wanted to stop: they come first. */
  readonly interrupted?: ReadonlyMap<number, ProcessIdentity | null>
  /** Stop after this many brokers and leave the rest to `roll resume`. */
  readonly canary?: number
  /** Asked before each batch: the active controller, which is put last again if it moved. */
  readonly activeController: () => Promise<number | null>
}

function batchesOf(steps: readonly RestartStep[]): RestartStep[][] {
  const byBatch = new Map<number, RestartStep[]>()
  for (const step of steps) byBatch.set(step.batch, [...(byBatch.get(step.batch) ?? []), step])
  return [...byBatch].toSorted(([a], [b]) => a - b).map(([, members]) => members)
}

/** Moves the batch that holds the active controller behind all others: it may have moved since the plan was made. */
function postponeController(batches: RestartStep[][], controller: number | null): RestartStep[][] {
  const holds = (batch: readonly RestartStep[]): boolean =>
    batch.some((step) => step.broker === controller)
  return [...batches.filter((batch) => !holds(batch)), ...batches.filter(holds)]
}

type Interrupted = RollWork['interrupted']

function holdsInterrupted(
  batch: readonly RestartStep[] | undefined,
  interrupted: Interrupted,
): boolean {
  return batch?.some((step) => interrupted?.has(step.broker) === true) === true
}

function interruptedFirst(batches: RestartStep[][], interrupted: Interrupted): RestartStep[][] {
  const isInterrupted = (step: RestartStep): boolean => interrupted?.has(step.broker) === true
  const first = batches.flat().filter(isInterrupted)
  const others = batches.map((batch) => batch.filter((step) => !isInterrupted(step)))
  return [first, ...others].filter((batch) => batch.length > 0)
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

async function runOne(deps: RollDeps, work: RollWork, job: RestartJob): Promise<Ran> {
  const startedMs = deps.clock.nowMs()
  const seconds = (): number => Math.round((deps.clock.nowMs() - startedMs) / 1000)
  const { broker } = job.step
  try {
    const { baseline, options, interrupted } = work
    const before = interrupted?.get(broker)
    if (before === undefined) await restartBroker(deps, baseline, options, job)
    else await finishRestart({ deps, baseline, options, job }, before)
    return { outcome: { broker, result: 'restarted', seconds: seconds() }, error: null }
  } catch (caught) {
    const error = asOperatorError(caught)
    await deps.record({ broker, phase: 'failed', message: error.message })
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

/**
 * Runs a rolling restart batch by batch. Brokers of one batch restart at the same time; when one fails, those in flight
 * finish and nothing new starts. After the last one a final gate judges the whole cluster.
 */
export async function runRoll(deps: RollDeps, work: RollWork): Promise<RollOutcome> {
  const outcomes: RestartOutcome[] = []
  const total = work.steps.length
  let waiting = interruptedFirst(batchesOf(work.steps), work.interrupted)
  let before: readonly number[] = []
  let failure: OperatorError | null = null
  while (waiting.length > 0 && failure === null) {
    if (deps.signal.aborted) failure = new OperatorError(INTERRUPTED)
    if (failure !== null || outcomes.length >= (work.canary ?? total)) break
    if (!holdsInterrupted(waiting[0], work.interrupted)) {
      waiting = postponeController(waiting, await work.activeController())
    }
    const [batch = [], ...rest] = waiting
    const together = new Set(batch.map((step) => step.broker))
    const jobs = batch.map((step, index) => ({
      step,
      together,
      index: outcomes.length + index + 1,
      total,
      restartedBefore: before,
    }))
    const results = await Promise.all(jobs.map((job) => runOne(deps, work, job)))
    outcomes.push(...results.map((result) => result.outcome))
    failure = worstOf(results.flatMap((result) => result.error ?? []))
    before = [...together]
    waiting = rest
    if (failure === null && rest.length > 0)
      await deps.clock.sleep(work.options.times.soakMs, deps.signal)
  }
  failure ??= await finish(deps, work, before)
  const untouched = waiting
    .flat()
    .map((step): RestartOutcome => ({ broker: step.broker, result: 'not-started', seconds: 0 }))
  return { brokers: [...outcomes, ...untouched], failure }
}
