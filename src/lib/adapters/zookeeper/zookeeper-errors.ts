import type { Exception } from 'node-zookeeper-client'
import { OperatorError } from '../../errors/operator-error.js'

/** ZooKeeper's numbers for the errors that we tell apart. */
export const ZK = {
  connectionLoss: -4,
  noNode: -101,
  noAuth: -102,
  nodeExists: -110,
  sessionExpired: -112,
  authFailed: -115,
  saslRequired: -124,
} as const

/** The server is gone, hangs or never was there: exit 69. */
export function unreachable(
  servers: readonly string[],
  why: string,
  cause?: unknown,
): OperatorError {
  return new OperatorError({
    code: 'ZOOKEEPER_UNREACHABLE',
    message: `ZooKeeper at ${servers.join(',')} cannot be read: ${why}`,
    nextSteps: ['check the address and that the ensemble has a quorum'],
    exit: 'unreachable',
    cause,
  })
}

/** We may not: exit 77. */
export function notAuthorised(what: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'ZOOKEEPER_NOT_AUTHORISED',
    message: `ZooKeeper refuses to let us ${what}`,
    nextSteps: ['check user and password of the digest settings, and the ACLs of the node'],
    exit: 'notAuthorised',
    cause,
  })
}

/** A server that insists on SASL (or on a certificate), which the client library cannot do: exit 77. */
export function saslRequired(servers: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'ZOOKEEPER_SASL_UNSUPPORTED',
    message: `ZooKeeper at ${servers.join(',')} asks for SASL, which klinic does not speak (digest is the only authentication)`,
    nextSteps: [
      'leave ZooKeeper out of the configuration: everything but its leftovers is read through Kafka itself',
    ],
    exit: 'notAuthorised',
  })
}

/** Translates an answer of ZooKeeper to `what` (`read /controller`). */
export function fromException(
  error: Exception,
  what: string,
  servers: readonly string[],
): OperatorError {
  if (error.code === ZK.noAuth || error.code === ZK.authFailed) return notAuthorised(what, error)
  if (error.code === ZK.connectionLoss)
    return unreachable(servers, 'the connection was lost', error)
  if (error.code === ZK.sessionExpired) return unreachable(servers, 'the session expired', error)
  return new OperatorError({
    code: 'ZOOKEEPER_FAILED',
    message: `ZooKeeper answered ${error.getName()} when asked to ${what}`,
    exit: 'failed',
    cause: error,
  })
}
