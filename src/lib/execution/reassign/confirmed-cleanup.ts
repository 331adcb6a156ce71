import type { FoundThrottle, MoveInFlight } from '../../plan/reassign-status.js'
import type { CleanupWork } from './cleanup.js'

/** What a throttle is called, whatever its value. */
export const nameOfThrottle = ({ resource, name, key }: FoundThrottle): string =>
  `${resource} ${name} ${key}`

const targetOf = ({ partition, from, to }: MoveInFlight): string =>
  JSON.stringify([partition, from, to])

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
  const moving = new Set(now.foreignMoves.map(targetOf))
  const found = new Map(now.foreign.map((throttle) => [nameOfThrottle(throttle), throttle.value]))
  const changed = shown.foreign.flatMap((throttle) => {
    const value = found.get(nameOfThrottle(throttle))
    if (value === undefined || value === throttle.value) return []
    return [
      `${nameOfThrottle(throttle)} has changed from ${throttle.value} to ${value}: it was left`,
    ]
  })
  return {
    work: {
      ...now,
      executions: shown.executions.filter(({ planId }) => idle.has(planId)),
      foreign: shown.foreign.filter(
        (throttle) => found.get(nameOfThrottle(throttle)) === throttle.value,
      ),
      foreignMoves: shown.foreignMoves.filter((move) => moving.has(targetOf(move))),
    },
    changed,
  }
}
