import type { Move } from '../moves.js'

/** The two list configs of a topic and the two rate configs of a broker (KIP-73). */
export const THROTTLE_KEYS = {
  leaderList: 'leader.replication.throttled.replicas',
  followerList: 'follower.replication.throttled.replicas',
  leaderRate: 'leader.replication.throttled.rate',
  followerRate: 'follower.replication.throttled.rate',
} as const

/** Rates below this look like a standstill (the broker's quota lets about 1 MB through at a time). */
export const MINIMUM_RATE = 1_000_000

/** One throttled list of one topic, with its `partition:broker` entries. */
export interface ThrottleList {
  readonly topic: string
  readonly key: string
  readonly entries: readonly string[]
}

/** Splits a list value as Kafka stores it; null and empty are no entries. */
export function parseEntries(value: string | null): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** A list that covers every replica already: nothing can be added to it, and nothing of it is ours. */
export function isWildcard(value: string | null): boolean {
  return parseEntries(value).includes('*')
}

/**
 * The lists that the moves need: every current replica as a possible source, only the new replicas as followers. A
 * move without new replicas needs none. Sorted by topic and key; entries in order of the moves.
 */
export function listsFor(moves: readonly Move[]): readonly ThrottleList[] {
  const lists = new Map<string, { topic: string; key: string; entries: string[] }>()
  const add = (topic: string, key: string, entries: readonly string[]): void => {
    const id = `${topic} ${key}`
    const list = lists.get(id) ?? { topic, key, entries: [] }
    list.entries.push(...entries)
    lists.set(id, list)
  }
  const entriesOf = (move: Move, brokers: readonly number[]): string[] =>
    brokers.map((broker) => `${move.partition}:${broker}`)
  for (const move of moves) {
    if (move.adding.length === 0) continue
    add(move.topic, THROTTLE_KEYS.leaderList, entriesOf(move, move.from))
    add(move.topic, THROTTLE_KEYS.followerList, entriesOf(move, move.adding))
  }
  return [...lists.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list)
}

/** Brokers that send or receive in these moves, in ascending order. */
export function brokersOf(moves: readonly Move[]): readonly number[] {
  const moving = moves.filter(({ adding }) => adding.length > 0)
  return [...new Set(moving.flatMap(({ from, adding }) => [...from, ...adding]))].sort(
    (a, b) => a - b,
  )
}

/**
 * The rate with its last three digits saying whose it is, so that an orphan can be told from a foreign throttle without
 * a journal. Below the minimum the rate is left as it is.
 */
export function markRate(bytesPerSec: number, executionId: string): number {
  const mark = 100 + (hash(executionId) % 900)
  return Math.floor(bytesPerSec / 1000) * 1000 + mark
}

function hash(text: string): number {
  let value = 0
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return value
}
