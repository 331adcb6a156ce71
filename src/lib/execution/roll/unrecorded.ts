import { OperatorError } from '../../errors/operator-error.js'
import type { RestartPhase } from '../../ports/journal.js'
import type { RollDeps } from './roll-deps.js'

const NEXT_STEPS = ['see to it that the journal can be written', 'klinic roll resume']

/** The functions of a roll for one broker's turn, and how that turn ends when it fails. */
export interface RecordedTurn {
  readonly deps: RollDeps
  /** Records that the turn failed, and says in the failure what is not in the journal. Never throws. */
  readonly fail: (error: OperatorError) => Promise<OperatorError>
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Nothing was done that is not in the journal: the broker is left as it is. */
function leftAlone(broker: number, error: unknown): unknown {
  if (!(error instanceof OperatorError) || error.exit !== 'failed') return error
  const { code, message } = error
  return new OperatorError({
    code,
    message: `nothing more is done to broker ${broker}: ${message}`,
    nextSteps: NEXT_STEPS,
    exit: 'stoppedHalfWay',
    cause: error,
  })
}

/** Facts that a broker's turn could not record, and why. */
class Missing {
  readonly #phases = new Set<RestartPhase>()
  #first: unknown = null

  add(phase: RestartPhase, error: unknown): void {
    this.#first ??= error
    this.#phases.add(phase)
  }

  get size(): number {
    return this.#phases.size
  }

  get reason(): string {
    return reasonOf(this.#first)
  }

  get text(): string {
    return `not recorded: ${[...this.#phases].join(', ')}; ${this.reason}`
  }

  /** The broker is well again, and the journal does not know: a person has to make room before a resume. */
  failure(broker: number): OperatorError {
    const first = this.#first
    return new OperatorError({
      code: first instanceof OperatorError ? first.code : 'JOURNAL_UNWRITABLE',
      message: `broker ${broker} is up and in sync, but the journal of its restart is not whole (${this.text})`,
      nextSteps: NEXT_STEPS,
      exit: 'needsPerson',
      cause: first,
    })
  }
}

/**
 * From the stop of a broker until it is in sync again a fact that cannot be recorded does not end its turn: a full disk of
 * this host would leave it down. It is started, and the turn fails behind that, with exit 7. A resume reads what is missing
 * off the broker's process. Before the stop, and once the broker is well, the turn ends at once, with exit 5.
 */
export function outliveTheJournal(
  shared: RollDeps,
  broker: number,
  isInterrupted: boolean,
): RecordedTurn {
  const missing = new Missing()
  let mayBeDown = isInterrupted
  const bear = (phase: RestartPhase, error: unknown): void => {
    if (missing.size === 0) {
      const text = `cannot be recorded, is brought up all the same: ${reasonOf(error)}`
      shared.say({ type: 'warning', broker, text })
    }
    missing.add(phase, error)
  }
  const record: RollDeps['record'] = async (fact) => {
    // An interrupted broker that was never stopped takes its turn from the gate.
    if (fact.phase === 'gate') mayBeDown = false
    try {
      await shared.record(fact)
      if (fact.phase === 'stopping') mayBeDown = true
    } catch (error) {
      if (!mayBeDown) throw leftAlone(broker, error)
      bear(fact.phase, error)
    }
    if (fact.phase !== 'recovered') return
    mayBeDown = false
    if (missing.size > 0) throw missing.failure(broker)
  }
  const fail: RecordedTurn['fail'] = async (error) => {
    const { size } = missing
    try {
      await shared.record({ broker, phase: 'failed', message: error.message })
    } catch (cause) {
      missing.add('failed', cause)
    }
    if (missing.size === 0 || error.message.includes(missing.reason)) return error
    const { code, message, nextSteps } = error
    return new OperatorError({
      code,
      message: `${message} (${missing.text})`,
      nextSteps,
      exit: size > 0 ? 'needsPerson' : error.exit,
      cause: error,
    })
  }
  return { deps: { ...shared, record }, fail }
}

/** Every broker is up, and the journal does not say how the run ended: a resume finds nothing but that left to do. */
export function endUnrecorded(error: unknown): OperatorError {
  return new OperatorError({
    code: error instanceof OperatorError ? error.code : 'JOURNAL_UNWRITABLE',
    message: `the end of this run is not recorded: ${reasonOf(error)}`,
    nextSteps: NEXT_STEPS,
    exit: 'stoppedHalfWay',
    cause: error,
  })
}
