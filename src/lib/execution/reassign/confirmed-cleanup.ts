import type { FoundThrottle, MoveInFlight } from '../../plan/reassign-status.js'
import type { TopicPartition } from '../../model/topic-partition.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { CleanupWork } from './cleanup.js'
import { nameSome } from './guards/guard.js'

/** What a throttle is called, whatever its value. */
export const nameOfThrottle = ({ resource, name, key }: FoundThrottle): string =>
  `${resource} ${name} ${key}`

const targetOf = ({ partition, from, to }: MoveInFlight): string =>
  JSON.stringify([partition, from, to])

/** What of a cleanup may still be done, and what not any more, a sentence each. */
export interface ConfirmedCleanup {
  readonly work: CleanupWork
  readonly changed: readonly string[]
  /** Moves that were shown and go elsewhere by now: they are left, a sentence each. */
  readonly stuck: readonly string[]
}

/** Why throttles stay while anything is in flight, whose ever it is: it would take all that the network gives; null: nothing is. */
export function whyThrottlesStay(
  flights: readonly TopicPartition[],
  throttles: number,
): string | null {
  if (flights.length === 0) return null
  const names = nameSome(flights.map(({ topic, partition }) => topicPartitionKey(topic, partition)))
  return `${throttles} throttles were left: ${names} ${flights.length === 1 ? 'is' : 'are'} in flight, and they may hold ${flights.length === 1 ? 'it' : 'them'} back`
}

/**
 * Holds what was shown and confirmed against a second look, taken under the lock: somebody may have begun an execution, or set
 * a throttle anew, while the operator read. Nothing is done that was not shown, and no value removed but the one that was.
 */
export function confirmCleanup(shown: CleanupWork, now: CleanupWork): ConfirmedCleanup {
  const idle = new Set(now.executions.map(({ planId }) => planId))
  const moving = new Set(now.foreignMoves.map(targetOf))
  const inFlight = new Set(now.foreignMoves.map(({ partition }) => partition))
  const stuck = shown.foreignMoves
    .filter((move) => inFlight.has(move.partition) && !moving.has(targetOf(move)))
    .map(({ partition }) => `${partition}: somebody has given it another target meanwhile`)
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
    stuck,
  }
}
