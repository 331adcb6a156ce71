import { ProtocolError } from '../protocol/protocol-error.js'
import { BrokerRequestError } from './broker-request-error.js'

/** What was going on when an error came up. */
export interface FailureContext {
  /** `broker 3 (host:9092)` or `host:9092`. */
  readonly subject: string
  readonly phase: 'connect' | 'authenticate' | 'request'
  /** Whether a request was on its way. */
  readonly sent: boolean
  readonly usesTls: boolean
}

const CERTIFICATE_CODES = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|INVALID_CA|HOSTNAME_MISMATCH/

/** The error of a socket, of kafkajs or of our decoder as a {@link BrokerRequestError} that says what it means. */
export function classifyFailure(error: unknown, context: FailureContext): BrokerRequestError {
  if (error instanceof BrokerRequestError) return error
  const { subject, sent } = context
  const { code, message, name } = describe(error)
  const fail = (failureCode: string, text: string): BrokerRequestError =>
    new BrokerRequestError({ code: failureCode, message: text, sent, cause: error })
  if (error instanceof ProtocolError) {
    const text = `${subject} sent what is not Kafka's protocol`
    return fail('PROTOCOL_ERROR', `${text}${portHint(context)}: ${message}`)
  }
  if (context.usesTls && code.startsWith('ERR_SSL_'))
    return tlsFailure(code, message, fail, subject)
  if (context.usesTls && CERTIFICATE_CODES.test(code)) {
    return fail(
      'CERTIFICATE_REFUSED',
      `the certificate of ${subject} is not trusted: ${message} (${code})`,
    )
  }
  if (context.phase === 'authenticate' && !/closed|connection/i.test(name)) {
    return fail('NOT_AUTHORISED', `${subject} refused the login: ${withoutPrefix(message)}`)
  }
  return fail('UNREACHABLE', `${subject}: ${reasonFor(code, message, context)}`)
}

function tlsFailure(
  code: string,
  message: string,
  fail: (code: string, text: string) => BrokerRequestError,
  subject: string,
): BrokerRequestError {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return fail('UNREACHABLE', `${subject} does not speak TLS on this port`)
  }
  if (/ALERT/.test(code)) {
    const text = `${subject} ended the TLS handshake (${message})`
    return fail('CLIENT_CERTIFICATE_REFUSED', `${text}: it may want a client certificate`)
  }
  return fail('UNREACHABLE', `TLS with ${subject} failed: ${message}`)
}

function describe(error: unknown): { code: string; message: string; name: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error), name: '' }
  const isClosed = error.name === 'KafkaJSConnectionClosedError'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // OpenSSL's message names its own source lines; its reason is what an operator can look up.
  if ('reason' in error && typeof error.reason === 'string') {
    return { code, message: error.reason, name: error.name }
  }
  if (isClosed) return { code: 'CLOSED', message: '', name: error.name }
  return { code, message: error.message, name: error.name }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused (is the broker running, and is this its port?)',
  ENOTFOUND: 'the host name cannot be resolved',
  EAI_AGAIN: 'the host name cannot be resolved just now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'the host does not answer',
  ECONNRESET: 'the broker closed the connection',
  EPIPE: 'the broker closed the connection',
  CLOSED: 'the broker closed the connection',
}

function reasonFor(code: string, message: string, context: FailureContext): string {
  const reason = REASONS[code] ?? (message === '' ? code : message)
  const closed = code === 'ECONNRESET' || code === 'EPIPE' || code === 'CLOSED'
  return closed ? `${reason}${portHint(context)}` : reason
}

/** At the first request, a port that speaks something else is the likeliest reason. */
function portHint({ phase, usesTls }: FailureContext): string {
  return phase === 'connect' ? ` (does this port want ${usesTls ? 'plaintext' : 'TLS'}?)` : ''
}

/** kafkajs names itself in front of what the broker said. */
function withoutPrefix(message: string): string {
  return message.replace(/^SASL [A-Z0-9-]+( [A-Z0-9]+)? authentication failed: /, '')
}
