import { topicPartitionKey } from '../../../../model/topic-partition.js'
import type { ClusterMetadata } from '../../../../ports/cluster-reader.js'
import type { Move } from '../../moves.js'
import { lagOf, type LagReading } from './lag.js'

/** Signs of how a cluster feels at one moment. */
export interface Feeling {
  /** Replicas out of sync that no move adds, by `topic-partition`. */
  readonly behind: ReadonlyMap<string, number>
  /** Round trips in milliseconds by broker, in the order of the answers; none of a broker that gave no answer. */
  readonly roundTripsMs: ReadonlyMap<number, readonly number[]>
  /** Where the logs of replicas in sync end. */
  readonly lag: LagReading
}

/** Late answers take this many times as long as before the moves, and this much longer, before they count as pain. */
const SLOWER = 2
const SLOWER_BY_MS = 10
/** One answer in ten takes longer: full links hurt those that wait behind something big, and the middle one seldom does. */
const LATE = 0.9

/** The round trip of a late answer of these brokers, in milliseconds; null of none. */
function lateOf({ roundTripsMs }: Feeling, brokers: readonly number[]): number | null {
  const all = brokers.flatMap((id) => roundTripsMs.get(id) ?? []).sort((a, b) => a - b)
  return all[Math.floor(all.length * LATE)] ?? null
}

/** Brokers that were asked and gave no answer, in ascending order. */
export function silentIn({ roundTripsMs }: Feeling): readonly number[] {
  const silent = [...roundTripsMs].filter(([, times]) => times.length === 0)
  return silent.map(([id]) => id).sort((a, b) => a - b)
}

/**
 * Replicas on live brokers that should be in sync and are not; new replicas of moves that are not over are on their way and do
 * not count. Those of a broker that died are no slower for being spared.
 */
export function replicasBehind(
  { topics, brokers }: Pick<ClusterMetadata, 'topics' | 'brokers'>,
  moves: readonly Move[],
): ReadonlyMap<string, number> {
  const adding = new Map(moves.map(({ key, adding: brokers }) => [key, brokers]))
  const alive = new Set(brokers.map(({ id }) => id))
  const behind = new Map<string, number>()
  for (const { name, partitions } of topics) {
    for (const { id, replicas, isr } of partitions) {
      const key = topicPartitionKey(name, id)
      const newcomers = adding.get(key) ?? []
      const missing = replicas.filter(
        (broker) => alive.has(broker) && !isr.includes(broker) && !newcomers.includes(broker),
      )
      if (missing.length > 0) behind.set(key, missing.length)
    }
  }
  return behind
}

/** How late answers are that are much later than before, of the same brokers; null when they are not. */
function latenessOf(before: Feeling, now: Feeling): string | null {
  const brokers = [...now.roundTripsMs.keys()].filter((id) => before.roundTripsMs.has(id))
  const usual = lateOf(before, brokers)
  const today = lateOf(now, brokers)
  if (usual === null || today === null) return null
  if (today <= usual * SLOWER || today <= usual + SLOWER_BY_MS) return null
  return `one answer in ten takes ${today.toFixed(0)} ms instead of ${usual.toFixed(0)}`
}

/**
 * What hurts now that did not hurt before the moves, in a few words; null for nothing. Late answers hurt when they were late
 * in the look before this one (`earlier`) too: a pause of one broker's collector is over before anybody could spare it.
 */
export function painOf(before: Feeling, earlier: Feeling | null, now: Feeling): string | null {
  const fell = [...now.behind].filter(([key, count]) => count > (before.behind.get(key) ?? 0))
  const [first] = fell.map(([key]) => key).sort()
  if (first !== undefined) {
    const more = fell.length > 1 ? ` and ${fell.length - 1} more` : ''
    return `replicas of ${first}${more} fell out of sync`
  }
  const wasSilent = silentIn(before)
  const mute = silentIn(now).find((broker) => !wasSilent.includes(broker))
  if (mute !== undefined) return `broker ${mute} does not answer`
  const lag = earlier === null ? null : lagOf(earlier.lag, now.lag)
  if (lag !== null) return lag
  if (earlier === null || latenessOf(before, earlier) === null) return null
  return latenessOf(before, now)
}
