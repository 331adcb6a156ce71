import { EXIT_CODES } from '../errors/exit-codes.js'

/** The endings that the outside can ask for, and their exit codes. */
const ENDINGS = {
  SIGHUP: EXIT_CODES.hangup,
  SIGINT: EXIT_CODES.interrupted,
  SIGTERM: EXIT_CODES.terminated,
} as const

/** A signal that asks for an end. */
export type EndingSignal = keyof typeof ENDINGS

const SIGNALS: readonly EndingSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM']

/** Why {@link SignalWatch.signal} was aborted. */
export class Interruption extends Error {
  readonly ending: EndingSignal
  readonly exitCode: number

  constructor(ending: EndingSignal) {
    super(`stopped by ${ending}`)
    this.name = 'AbortError'
    this.ending = ending
    this.exitCode = ENDINGS[ending]
  }
}

/** The one place that listens for signals. */
export interface SignalWatch {
  /** Aborted with an {@link Interruption} on the first signal. Commands stop cleanly and return. */
  readonly signal: AbortSignal
  /** The interruption, once there was one. */
  interruption(): Interruption | null
  /** What remains undone if the process leaves at once (second signal); the last text given counts. */
  onLeaving(describe: () => string): void
}

/** Listens from now on. `say` writes to stderr; a second signal leaves at once and says what remains. */
export function watchSignals(say: (text: string) => void): SignalWatch {
  const controller = new AbortController()
  let interruption: Interruption | null = null
  let describe = (): string => ''
  const onSignal = (ending: EndingSignal): void => {
    if (interruption !== null) {
      const left = describe()
      say(left === '' ? 'Left at once.' : `Left at once. ${left}`)
      process.exit(ENDINGS[ending])
    }
    interruption = new Interruption(ending)
    if (ending === 'SIGINT') say('Stopping cleanly; press Ctrl-C again to leave at once.')
    controller.abort(interruption)
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: controller.signal,
    interruption: () => interruption,
    onLeaving: (text) => {
      describe = text
    },
  }
}
