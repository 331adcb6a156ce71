import { OperatorError } from '../../../errors/operator-error.js'

const LOCAL_ONLY = 'or go on with --local-lock, when nobody on another host works on this cluster'

/** The lock is somebody else's, or nobody's, by now: nothing may be changed any more. */
export function lockLost(why: string): OperatorError {
  return new OperatorError({
    code: 'LOCK_LOST',
    message: `The lock of the cluster is no longer ours (${why}), so nothing more was changed.`,
    nextSteps: ['klinic lock show', 'klinic reassign status'],
    exit: 'stoppedHalfWay',
  })
}

/** Nobody can say whose the lock is: nothing may be changed for now. */
export function lockUnproven(why: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'LOCK_UNPROVEN',
    message: `That the lock of the cluster is still ours cannot be proven: ${why}.`,
    nextSteps: ['klinic lock show'],
    exit: 'unreachable',
    cause,
  })
}

/** The principal may not join the lock's group. */
export function lockForbidden(groupId: string): OperatorError {
  return new OperatorError({
    code: 'LOCK_NOT_AUTHORISED',
    message: `This principal may not take the lock of the cluster: it needs READ and DESCRIBE on the group ${groupId}. Nothing was changed.`,
    nextSteps: [
      `kafka-acls.sh --add --allow-principal User:NAME --operation Read --operation Describe --group ${groupId}`,
      LOCAL_ONLY,
    ],
    exit: 'notAuthorised',
  })
}

/** The coordinator of the lock's group is out of reach, or has no answer in time. */
export function lockUnreachable(groupId: string, why: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'LOCK_UNREACHABLE',
    message: `The lock of the cluster cannot be reached: the coordinator of group ${groupId} does not answer (${why}).`,
    nextSteps: ['klinic cluster check', LOCAL_ONLY],
    exit: 'unreachable',
    cause,
  })
}

/** Kafka refuses for a reason of its own (a group of that name that is not ours, a session time-out out of range). */
export function lockRefused(groupId: string, code: string): OperatorError {
  return new OperatorError({
    code: 'LOCK_REFUSED',
    message: `Kafka refused the lock of the cluster: ${code} for group ${groupId}.`,
    nextSteps: [LOCAL_ONLY],
    exit: 'failed',
  })
}
