import { OperatorError } from '../../../errors/operator-error.js'
import { errorName } from '../protocol/error-names.js'

/** What passes by itself while a controller or a quorum finds its new leader: worth waiting for, and no refusal. */
const PASSING = new Set([
  'NOT_CONTROLLER',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'BROKER_NOT_AVAILABLE',
])

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
    exit: isDenied ? 'notAuthorised' : PASSING.has(name) ? 'unreachable' : 'failed',
  })
}
