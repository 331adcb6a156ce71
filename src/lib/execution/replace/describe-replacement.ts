import type { ExitName } from '../../errors/exit-codes.js'
import { OperatorError } from '../../errors/operator-error.js'
import type { ProgramResult } from '../../ports/programs.js'
import type { Objection } from './replacement-case.js'

/** Of the output of a script, so much stands in the journal. */
const KEPT_CHARACTERS = 16_000

/** The exit of a refusal: what a person has to see to counts most, and what passes by itself least. */
const EXITS: readonly ExitName[] = ['usage', 'needsPerson', 'refused', 'tryLater']

/** The error that names all objections together; null when there is none. */
export function refuse(subject: string, standing: readonly Objection[]): OperatorError | null {
  const exit = EXITS.find((name) => standing.some((objection) => objection.exit === name))
  const leading = standing.find((objection) => objection.exit === exit)
  if (exit === undefined || leading === undefined) return null
  const lines = standing.map(
    ({ message, lift }) => `- ${message}${lift === undefined ? '' : ` (lifted by --${lift})`}`,
  )
  return new OperatorError({
    code: leading.code,
    message: `The ${subject} was not begun and nothing was changed:\n${lines.join('\n')}`,
    nextSteps:
      leading.code === 'REPLACEMENT_BROKEN_OFF'
        ? ['look at the broker, then the same command with --again']
        : ['klinic cluster check'],
    exit,
  })
}

/** Zero is done; any other exit code, and a script that could not be started, said no; one that was cut off needs a person. */
export function exitOfScript({ exitCode, signal, timedOut }: ProgramResult): ExitName {
  if (exitCode === 0) return 'done'
  return timedOut || signal !== null ? 'needsPerson' : 'hookSaidNo'
}

/** How a script ended, as a phrase. */
export function describeScript(
  { exitCode, signal, timedOut, durationMs, output }: ProgramResult,
  timeoutMs: number,
): string {
  const took = `after ${Math.round(durationMs / 1000)} s`
  if (timedOut)
    return `the script did not end within ${Math.round(timeoutMs / 1000)} s and was ended`
  if (signal !== null) return `the script was ended by ${signal} ${took}`
  if (exitCode === null) return `the script could not be started: ${output.trim()}`
  return exitCode === 0 ? `done ${took}` : `the script exited ${exitCode} ${took}`
}

/** The end of the output, for the journal. */
export function tailOf({ output, truncated }: ProgramResult): string {
  const tail = output.slice(-KEPT_CHARACTERS).trimEnd()
  return `${tail.length < output.trimEnd().length ? '… ' : ''}${tail}${truncated ? ' … (cut off)' : ''}`
}
