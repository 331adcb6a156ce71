import type { BrokerFailure } from '../../../ports/cluster-reader.js'

/** Why a request to one broker has no answer; Kafka's error names come in too (`NOT_CONTROLLER`). */
export type FailureCode =
  | 'UNREACHABLE'
  | 'TIMED_OUT'
  | 'NOT_AUTHORISED'
  | 'CERTIFICATE_REFUSED'
  | 'CLIENT_CERTIFICATE_REFUSED'
  | 'KAFKA_TOO_OLD'
  | 'UNSUPPORTED_VERSION'
  | 'PROTOCOL_ERROR'
  | (string & {})

/**
 * A request to one broker without an answer. `sent` false: it surely was not processed. `sent` true: the outcome is
 * unknown, so whoever changes something must read the state again before doing it twice.
 */
export class BrokerRequestError extends Error {
  readonly code: FailureCode
  readonly sent: boolean

  constructor(details: {
    readonly code: FailureCode
    readonly message: string
    readonly sent: boolean
    readonly cause?: unknown
  }) {
    super(details.message, { cause: details.cause })
    this.name = 'BrokerRequestError'
    this.code = details.code
    this.sent = details.sent
  }
}

/** The error as the port reports it; anything that is not ours keeps its message. */
export function toBrokerFailure(error: unknown): BrokerFailure {
  if (error instanceof BrokerRequestError) return { code: error.code, message: error.message }
  return { code: 'UNREACHABLE', message: error instanceof Error ? error.message : String(error) }
}
