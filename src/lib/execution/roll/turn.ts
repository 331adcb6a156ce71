import type { ExitName } from '../../errors/exit-codes.js'
import { OperatorError } from '../../errors/operator-error.js'
import type { DrainedPartition, RestartPhase, RestartRecord } from '../../ports/journal.js'
import type { ProcessIdentity } from './read-service.js'
import type { RestartJob, RollBaseline, RollDeps, RollOptions } from './roll-deps.js'

/** One broker's turn in a roll. */
export interface Turn {
  readonly deps: RollDeps
  readonly options: RollOptions
  readonly baseline: RollBaseline
  readonly job: RestartJob
}

type Facts = Pick<RestartRecord, 'process' | 'drained'>

/** Journals a phase before it begins, and tells whoever watches. */
export async function enter(
  { deps, job }: Turn,
  phase: RestartPhase,
  facts: Facts = {},
): Promise<void> {
  const { broker } = job.step
  await deps.record({ broker, phase, ...facts })
  deps.say({ type: 'phase', broker, phase })
}

/** A broker that is not well restarts because of that: its plan says so. */
export function sickOf({ step }: RestartJob): ReadonlySet<number> | undefined {
  return step.reason.code === 'SICK_FIRST' ? new Set([step.broker]) : undefined
}

/** Exits that say themselves how the broker is. */
const TELLING: ReadonlySet<ExitName> = new Set(['needsPerson', 'stoppedHalfWay', 'hookSaidNo'])

/** From the stop on any other failure, as of a host that cannot be reached, leaves a broker that may be down: exit 7. */
export async function whileItMayBeDown<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    if (TELLING.has(error.exit)) throw error
    const { code, message, nextSteps } = error
    throw new OperatorError({
      code,
      message: `broker ${turn.job.step.broker} may be down: ${message}`,
      nextSteps: [...nextSteps, 'klinic roll resume'],
      exit: 'needsPerson',
      cause: error,
    })
  }
}

/** What a stop left behind. */
export interface Down {
  readonly before: ProcessIdentity | null
  readonly unclean: boolean
  /** Replica lists that are to get their order back. */
  readonly drained: readonly DrainedPartition[]
}
