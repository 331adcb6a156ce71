import { OperatorError } from '../errors/operator-error.js'
import { suggest } from '../units/suggest.js'
import { sanitiseLine } from '../units/terminal-text.js'

/** A wrong flag, argument or value: exit 64, pointing at the command's help. */
function usageError(message: string, commandId?: string): OperatorError {
  const words = commandId === undefined ? '' : ` ${commandId.replaceAll(':', ' ')}`
  return new OperatorError({
    code: 'USAGE',
    message,
    nextSteps: [`klinic${words} --help`],
    exit: 'usage',
  })
}

/** What oclif's parser throws: errors of its own are marked `oclif`, those of a flag's `parse` name the flag. */
export function isParseError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return 'oclif' in error || 'parse' in error || error.message.startsWith('Parsing --')
}

/** oclif's parse errors as ours; its messages are kept, since they name the flag, but for their layout. */
export function fromParseError(
  error: Error,
  command: { readonly id: string | undefined; readonly flags: readonly string[] },
): OperatorError {
  const text = error.message
    .split('\n')
    .filter((line) => !/^See more help with/.test(line.trim()))
    .join(' ')
  const message = sanitiseLine(text)
    .replace(/ {2,}/g, ' ')
    .replace(/^Parsing (--\S+)/, '$1:')
    .replace(
      /^Missing \d+ required args?: ([\w-]+)\b.*/,
      (_, name: string) => `missing argument ${name.toUpperCase()}`,
    )
    .replace(/^The following errors? occurred: Missing required flag (\S+)/, 'missing flag --$1')
    .trim()
  return usageError(message + suggestFlags(error, command.flags), command.id)
}

function suggestFlags(error: Error, known: readonly string[]): string {
  const unknown: unknown = 'flags' in error ? error.flags : undefined
  if (!Array.isArray(unknown)) return ''
  const names = known.map((name) => `--${name}`)
  const near = unknown.flatMap((flag) => suggest(String(flag), names) ?? [])
  return near.length === 0 ? '' : `, did you mean ${near.join(' ')}?`
}
