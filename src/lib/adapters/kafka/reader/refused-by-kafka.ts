import { OperatorError } from '../../../errors/operator-error.js'
import { errorName } from '../protocol/error-names.js'

/** A Kafka error as something an operator can act on; `what` completes "Kafka refused to …". */
export function refusedByKafka(what: string, code: number, message?: string | null): OperatorError {
  const name = errorName(code)
  const isDenied = name.endsWith('AUTHORIZATION_FAILED')
  const details = message === undefined || message === null || message === '' ? '' : `: ${message}`
  return new OperatorError({
    code: name,
    message: `Kafka refused to ${what} (${name})${details}.`,
    nextSteps: isDenied
      ? ['Grant the missing right to the user of this connection (klinic access check names it).']
      : [],
    exit: isDenied ? 'notAuthorised' : 'failed',
  })
}
