import { OperatorError } from '../errors/operator-error.js'
import { sanitiseLine } from '../units/terminal-text.js'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** What oclif's parser throws carries the parse state; nothing else does. */
export function isParseError(error: unknown): error is Error {
  return error instanceof Error && isRecord(error) && 'parse' in error
}

/** A wrong flag, argument or value: exit 64, pointing at the command's help. */
export function usageError(message: string, commandId?: string): OperatorError {
  const words = commandId === undefined ? '' : ` ${commandId.replaceAll(':', ' ')}`
  return new OperatorError({
    code: 'USAGE',
    message,
    nextSteps: [`klinic${words} --help`],
    exit: 'usage',
  })
}

/** oclif's parse errors as ours; its messages are kept, since they name the flag, but for their layout. */
export function fromParseError(error: Error, commandId?: string): OperatorError {
  const text = error.message
    .split('\n')
    .filter((line) => !/^See more help with/.test(line.trim()))
    .join(' ')
  return usageError(sanitiseLine(text).replace(/ {2,}/g, ' ').trim(), commandId)
}
