import { OperatorError } from '../../../errors/operator-error.js'
import type { ConfigResource } from '../../../ports/cluster-reader.js'
import type { ConfigChange, WriteOutcome } from '../../../ports/cluster-writer.js'

const REFUSALS = ['THROTTLE_FORBIDDEN', 'THROTTLE_FAILED']
const OUT_OF_REACH = ['UNREACHABLE', 'TIMED_OUT', 'NO_ANSWER']

/** Whether nobody answered: that passes, and a run waits for it as for any cluster out of reach. */
export function isOutOfReach(code: string): boolean {
  return OUT_OF_REACH.includes(code)
}

/** A topic or a broker whose configs could not be read, and why. */
export interface UnreadResource {
  readonly resource: ConfigResource
  readonly code: string
  readonly message: string
}

/** The throttles of something cannot be read, so they could not be restored either. */
export function unreadable({ resource, code, message }: UnreadResource): OperatorError {
  if (code.endsWith('AUTHORIZATION_FAILED')) return hidden(resource, code)
  return new OperatorError({
    code: 'THROTTLE_UNREADABLE',
    message: `The throttles of ${resource.type} ${resource.name} cannot be read, so they could not be restored: ${message}`,
    nextSteps: ['move without a throttle: --throttle none', 'klinic reassign status'],
    exit: isOutOfReach(code) ? 'unreachable' : 'stoppedHalfWay',
  })
}

/** Kafka asks for DESCRIBE_CONFIGS on a topic itself, and for those of brokers on the cluster. */
function hidden({ type, name }: ConfigResource, code: string): OperatorError {
  const isTopic = type === 'topic'
  const grant = isTopic ? `--topic ${name}` : '--cluster'
  return new OperatorError({
    code: 'THROTTLE_UNREADABLE',
    message: `The throttles of ${type} ${name} may not be read, so they could not be restored: this principal lacks DESCRIBE_CONFIGS on ${isTopic ? `topic ${name}` : 'the cluster'} (${code}).`,
    nextSteps: [
      `kafka-acls.sh --add --allow-principal User:NAME --operation DescribeConfigs ${grant}`,
    ],
    exit: 'notAuthorised',
  })
}

/** A throttle could not be set: what is to be moved is not moved without it. */
export function refusal(change: ConfigChange, outcome: WriteOutcome): OperatorError {
  const isForbidden = outcome.status === 'refused' && outcome.code.endsWith('AUTHORIZATION_FAILED')
  const why = outcome.status === 'ok' ? '' : outcome.message
  const isSilent =
    outcome.status === 'unknown' || (outcome.status === 'refused' && isOutOfReach(outcome.code))
  return new OperatorError({
    code: isForbidden ? 'THROTTLE_FORBIDDEN' : 'THROTTLE_FAILED',
    message: `The throttle could not be set on ${change.resource.type} ${change.resource.name}: ${why}`,
    nextSteps: isForbidden
      ? ['grant ALTER_CONFIGS on the cluster and its topics, or use --throttle none']
      : ['klinic reassign status', 'klinic reassign resume'],
    exit: isForbidden ? 'notAuthorised' : isSilent ? 'unreachable' : 'stoppedHalfWay',
  })
}

/** Whether an error says that a throttle was not set. */
export function isRefusal(error: unknown): error is OperatorError {
  return error instanceof OperatorError && REFUSALS.includes(error.code)
}
