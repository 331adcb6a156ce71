import { EXIT_CODES } from '../errors/exit-codes.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Style } from '../report/style.js'
import { Interruption } from './signals.js'

/** An error as it is shown, the same content for people and for `--json`. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly nextSteps: readonly string[]
  readonly exitCode: number
}

const REPORT_STEPS = [
  'Run the same command again with --verbose; it adds the stack trace.',
  'Report it in the issue tracker of the project with that output and `klinic --version`.',
]

/** Anything that was thrown, as a failure. Only an OperatorError chooses its exit code; the rest is our own fault: 1. */
export function describeFailure(error: unknown, version: string): Failure {
  if (error instanceof OperatorError) {
    const { code, message, nextSteps, exit } = error
    return { code, message, nextSteps, exitCode: EXIT_CODES[exit] }
  }
  if (error instanceof Interruption) {
    const message = `Stopped by ${error.ending}.`
    return { code: 'INTERRUPTED', message, nextSteps: [], exitCode: error.exitCode }
  }
  const detail = error instanceof Error ? error.message : String(error)
  return {
    code: 'UNEXPECTED',
    message: `klinic ${version} met an error that it does not know: ${detail}`,
    nextSteps: REPORT_STEPS,
    exitCode: EXIT_CODES.failed,
  }
}

/** `Error CODE: message`, then what to try. */
export function renderFailure(failure: Failure, style: Style): string {
  const head = `${style.red(`Error ${failure.code}:`)} ${failure.message}`
  const steps = failure.nextSteps.map((step, index) => `${index === 0 ? 'Try: ' : '     '}${step}`)
  return [head, ...steps].join('\n')
}

/** Stack traces down the chain of causes, for --verbose. */
export function renderTraces(error: unknown): string {
  const traces: string[] = []
  let current: unknown = error
  for (let depth = 0; current instanceof Error && depth < 10; depth += 1) {
    traces.push(current.stack ?? current.message)
    current = current.cause
  }
  return traces.join('\nCaused by: ')
}
