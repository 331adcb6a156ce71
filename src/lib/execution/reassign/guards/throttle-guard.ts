import type { ThrottleEntry, UnreadPart } from '../../../model/snapshot.js'
import { brokersOf } from '../throttle/entries.js'
import type { Guard, GuardInput } from './guard.js'
import { isDenied, nameSome } from './guard.js'

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

/** Configs that could not be read and in which such a throttle may stand. A dead broker throttles nobody. */
function unreadInTheWay({ moves, snapshot }: GuardInput): readonly UnreadPart[] {
  const moving = moves.filter(({ adding }) => adding.length > 0)
  if (moving.length === 0) return []
  const topics = new Set(moving.map(({ topic }) => topic))
  const isTopicUnread = snapshot.topics.some(
    ({ name, minInsyncReplicas }) => topics.has(name) && minInsyncReplicas === undefined,
  )
  const dead = new Set(snapshot.brokers.filter((b) => b.state === 'dead').map(({ id }) => id))
  const others = new Set(
    snapshot.brokers
      .filter(({ id }) => dead.has(id) || !brokersOf(moving).includes(id))
      .map(({ id }) => `broker ${id}`),
  )
  return (snapshot.unread ?? []).filter(
    ({ part, subject }) =>
      (part === 'topic configs' && isTopicUnread) ||
      (part === 'broker configs' && !others.has(subject)),
  )
}

/** Somebody else's throttle, or one that was left behind; it would slow the moves and every recovery. */
export function guardThrottles(input: GuardInput): readonly Guard[] {
  const guards: Guard[] = []
  const found = throttlesInTheWay(input).map(describe)
  if (found.length > 0) {
    const message = `${found.length} replication throttles stand on brokers and topics of this plan: ${nameSome(found)}`
    guards.push({ code: 'THROTTLE_PRESENT', message, lift: 'adopt-throttles', exit: 'refused' })
  }
  const unread = unreadInTheWay(input)
  if (unread.length > 0) {
    const subjects = nameSome(unread.map(({ subject, code }) => `${subject} (${code})`))
    const message = `whether a throttle stands in the way cannot be told, because configs were not read: ${subjects}`
    const exit = unread.some(isDenied) ? 'notAuthorised' : 'refused'
    guards.push({ code: 'THROTTLES_UNREAD', message, lift: 'adopt-throttles', exit })
  }
  return guards
}
