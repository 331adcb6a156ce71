import type { FoundThrottle } from '../../plan/reassign-status.js'
import type { CleanupWork } from './cleanup.js'

const nameOf = ({ resource, name, key }: FoundThrottle): string => `${resource} ${name} ${key}`

/** What of a cleanup may still be done, and what not any more, a sentence each. */
export interface ConfirmedCleanup {
  readonly work: CleanupWork
  readonly changed: readonly string[]
}

/**
 * Holds what was shown and confirmed against a second look, taken under the lock: somebody may have begun an execution, or set
 * a throttle anew, while the operator read. Nothing is done that was not shown, and no value removed but the one that was.
 */
export function confirmCleanup(shown: CleanupWork, now: CleanupWork): ConfirmedCleanup {
  const idle = new Set(now.executions.map(({ planId }) => planId))
  const found = new Map(now.foreign.map((throttle) => [nameOf(throttle), throttle.value]))
  const changed = shown.foreign.flatMap((throttle) => {
    const value = found.get(nameOf(throttle))
    if (value === undefined || value === throttle.value) return []
    return [`${nameOf(throttle)} has changed from ${throttle.value} to ${value}: it was left`]
  })
  return {
    work: {
      ...now,
      executions: shown.executions.filter(({ planId }) => idle.has(planId)),
      foreign: shown.foreign.filter((throttle) => found.get(nameOf(throttle)) === throttle.value),
    },
    changed,
  }
}
