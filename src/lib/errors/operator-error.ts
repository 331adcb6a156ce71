import type { ExitName } from './exit-codes.js'

/** What an operator is told when something cannot be done; see {@link OperatorError}. */
export interface OperatorErrorDetails {
  /** Stable, upper case with underscores: `PLAN_STALE`. Scripts may match on it. */
  readonly code: string
  /** One sentence that names the subject (which broker, file, flag). */
  readonly message: string
  /** What to do next, as sentences or commands that run. */
  readonly nextSteps?: readonly string[]
  /** Row of the exit code table. */
  readonly exit: ExitName
  readonly cause?: unknown
}

/** An error that an operator can act on: shown as message and next steps, never with a stack trace. */
export class OperatorError extends Error {
  readonly code: string
  readonly nextSteps: readonly string[]
  readonly exit: ExitName

  constructor(details: OperatorErrorDetails) {
    super(details.message, { cause: details.cause })
    this.name = 'OperatorError'
    this.code = details.code
    this.nextSteps = details.nextSteps ?? []
    this.exit = details.exit
  }
}
