import { OperatorError } from '../../../errors/operator-error.js'
import { BrokerRequestError } from './broker-request-error.js'

/** Which failure tells most, when several servers failed in different ways. */
const BY_WEIGHT = [
  'NOT_AUTHORISED',
  'CERTIFICATE_REFUSED',
  'CLIENT_CERTIFICATE_REFUSED',
  'KAFKA_TOO_OLD',
]

const NEXT_STEPS: Readonly<Record<string, readonly string[]>> = {
  NOT_AUTHORISED: ['Check user name, password and SASL mechanism of this connection.'],
  CERTIFICATE_REFUSED: [
    "Name the CA that signed the brokers' certificates in the connection (ssl.truststore.location or ssl.ca.location).",
    'Check that the bootstrap servers are named as the certificates name them.',
  ],
  CLIENT_CERTIFICATE_REFUSED: [
    'Name a client certificate that the brokers trust (ssl.keystore.location), if they ask for one.',
  ],
  KAFKA_TOO_OLD: ['Upgrade the brokers to Kafka 2.8 or later.'],
}

/**
 * The error for a cluster of which no server answers. A refused login and a certificate that is not trusted both mean
 * that we are not let in, or must not go in: exit 77, as for a changed SSH host key. Everything else is exit 69.
 */
export function unreachableError(
  errors: readonly unknown[],
  lead = 'No bootstrap server answers',
): OperatorError {
  const failures = errors.filter((error) => error instanceof BrokerRequestError)
  const operatorError = errors.find((error) => error instanceof OperatorError)
  if (operatorError !== undefined) return operatorError
  const telling = failures.toSorted((a, b) => weight(a) - weight(b))[0]
  const code = telling !== undefined && weight(telling) < BY_WEIGHT.length ? telling.code : null
  const messages = [...new Set(failures.map((failure) => failure.message))]
  return new OperatorError({
    code: code ?? 'CLUSTER_UNREACHABLE',
    message:
      code !== null && telling !== undefined
        ? sentence(telling.message)
        : sentence(`${lead}: ${messages.join('; ')}`),
    nextSteps: NEXT_STEPS[code ?? ''] ?? [
      'Check host names and ports, and that the brokers are up and reachable from this machine.',
    ],
    exit: exitFor(code),
    cause: errors[0],
  })
}

function weight(failure: BrokerRequestError): number {
  const index = BY_WEIGHT.indexOf(failure.code)
  return index < 0 ? BY_WEIGHT.length : index
}

function exitFor(code: string | null): 'notAuthorised' | 'failed' | 'unreachable' {
  if (code === 'KAFKA_TOO_OLD') return 'failed'
  return code === null ? 'unreachable' : 'notAuthorised'
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
