import type { Guard, GuardInput } from './guard.js'
import { nameSome } from './guard.js'

/**
 * What the moves come to for producers with acks=all: after a move, as many replicas are in sync as its target has, so a
 * target shorter than `min.insync.replicas` can never be written to again. A min ISR that could not be read is not 1.
 */
export function guardMinIsr({ moves, snapshot }: GuardInput): readonly Guard[] {
  const minIsr = new Map(snapshot.topics.map((topic) => [topic.name, topic.minInsyncReplicas]))
  const short = moves.filter(({ topic, from, to }) => {
    const wanted = minIsr.get(topic) ?? 1
    return to.length < wanted && from.length >= wanted
  })
  const guards: Guard[] = []
  if (short.length > 0) {
    const message = `${short.length} partitions would have fewer replicas than their min.insync.replicas, and take no more acks=all writes: ${nameSome(short.map(({ key }) => key))}`
    guards.push({ code: 'BELOW_MIN_ISR', message, lift: 'ignore-min-isr', exit: 'refused' })
  }
  const areUnread = (snapshot.unread ?? []).some(({ part }) => part === 'topic configs')
  const shrinking = moves.filter(({ from, to }) => to.length < from.length)
  const unknown = [...new Set(shrinking.map(({ topic }) => topic))].filter(
    (topic) => areUnread && minIsr.has(topic) && minIsr.get(topic) === undefined,
  )
  if (unknown.length > 0) {
    const message = `min.insync.replicas of ${nameSome(unknown)} could not be read, and the plan takes replicas away from it`
    guards.push({ code: 'MIN_ISR_UNKNOWN', message, lift: 'ignore-min-isr', exit: 'refused' })
  }
  return guards
}
