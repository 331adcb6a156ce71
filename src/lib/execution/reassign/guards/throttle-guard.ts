import type { ThrottleEntry } from '../../../model/snapshot.js'
import { brokersOf } from '../throttle/entries.js'
import type { Guard, GuardInput } from './guard.js'
import { nameSome } from './guard.js'

/** Throttles that would bear on the moves: on a broker or a topic of the plan, or on every broker by default. */
export function throttlesInTheWay({ moves, snapshot }: GuardInput): readonly ThrottleEntry[] {
  const brokers = new Set(brokersOf(moves).map(String))
  const topics = new Set(moves.filter((m) => m.adding.length > 0).map(({ topic }) => topic))
  return (snapshot.throttles ?? []).filter(({ resource, name }) =>
    resource === 'topic' ? topics.has(name) : brokers.has(name) || name === '',
  )
}

const describe = ({ resource, name, key, value }: ThrottleEntry): string =>
  `${name === '' ? 'all brokers' : `${resource} ${name}`} ${key}=${value}`

/** Somebody else's throttle, or one that was left behind; it would slow the moves and every recovery. */
export function guardThrottles(input: GuardInput): readonly Guard[] {
  const found = throttlesInTheWay(input).map(describe)
  if (found.length === 0) return []
  const message = `${found.length} replication throttles stand on brokers and topics of this plan: ${nameSome(found)}`
  return [{ code: 'THROTTLE_PRESENT', message, lift: 'adopt-throttles', exit: 'refused' }]
}
