import type { TopicPartition } from '../../../../model/topic-partition.js'
import { topicPartitionKey } from '../../../../model/topic-partition.js'
import type { Clock } from '../../../../ports/clock.js'
import type { ClusterMetadata, ClusterReader } from '../../../../ports/cluster-reader.js'
import type { Move } from '../../moves.js'

/** A partition whose followers are watched; new replicas of moves are on their way and are none of them. */
export interface WatchedPartition extends TopicPartition {
  readonly key: string
  readonly leader: number
  readonly followers: readonly number[]
}

/** Where the logs of a partition's replicas end, in offsets. */
interface LogEnds {
  readonly leader: number
  readonly end: number
  readonly followers: ReadonlyMap<number, number>
}

/** Log ends at one moment, by `topic-partition`. */
export interface LagReading {
  readonly atMs: number
  readonly ends: ReadonlyMap<string, LogEnds>
}

/** So many partitions are watched, spread evenly over all there are. */
const MOST_WATCHED = 500
/** A follower in sync is a fetch behind; Kafka takes it out of the ISR after 30 s (`replica.lag.time.max.ms`). */
const LATE_S = 2

/** Partitions with replicas on these brokers, whose followers share links and disks with the moves. */
export function partitionsToWatch(
  { topics }: Pick<ClusterMetadata, 'topics'>,
  brokers: readonly number[],
  open: readonly Move[],
): readonly WatchedPartition[] {
  const near = new Set(brokers)
  const adding = new Map(open.map(({ key, adding: newcomers }) => [key, newcomers]))
  const all = topics.flatMap(({ name: topic, partitions }) =>
    partitions.flatMap(({ id: partition, leader, replicas, isr }): WatchedPartition[] => {
      if (leader === null || !replicas.some((id) => near.has(id))) return []
      const key = topicPartitionKey(topic, partition)
      const newcomers = adding.get(key) ?? []
      const followers = isr.filter((id) => id !== leader && !newcomers.includes(id))
      return followers.length === 0 ? [] : [{ topic, partition, key, leader, followers }]
    }),
  )
  const stride = Math.ceil(all.length / MOST_WATCHED)
  return all.filter((_, index) => index % stride === 0)
}

/**
 * Reads where the logs end: first the leaders', then the followers', so that the time between the two never makes a follower
 * seem late. What brokers do not tell is left out. Throws what the reader throws.
 */
export async function readLag(
  reader: Pick<ClusterReader, 'readLogEnds'>,
  clock: Pick<Clock, 'nowMs'>,
  watched: readonly WatchedPartition[],
): Promise<LagReading> {
  const atMs = clock.nowMs()
  if (watched.length === 0) return { atMs, ends: new Map() }
  const ends = await endsBy(reader, watched, ({ leader }) => [leader])
  const followersEnds = await endsBy(reader, watched, ({ followers }) => followers)
  const found = watched.flatMap(({ key, leader, followers }): [string, LogEnds][] => {
    const end = ends.get(leader)?.get(key)
    if (end === undefined) return []
    const told = followers.flatMap((id): [number, number][] => {
      const own = followersEnds.get(id)?.get(key)
      return own === undefined ? [] : [[id, own]]
    })
    return [[key, { leader, end, followers: new Map(told) }]]
  })
  return { atMs, ends: new Map(found) }
}

async function endsBy(
  reader: Pick<ClusterReader, 'readLogEnds'>,
  watched: readonly WatchedPartition[],
  holdersOf: (partition: WatchedPartition) => readonly number[],
): Promise<ReadonlyMap<number, ReadonlyMap<string, number>>> {
  const asked = new Map<number, TopicPartition[]>()
  for (const partition of watched) {
    for (const id of holdersOf(partition)) {
      const some = asked.get(id) ?? []
      asked.set(id, some)
      some.push(partition)
    }
  }
  const answers = await reader.readLogEnds(asked)
  return new Map(answers.flatMap((answer) => (answer.ok ? [[answer.brokerId, answer.value]] : [])))
}

/**
 * A follower that has not come to where its leader was in the reading before, and is further behind than it was then, in a few
 * words; null for none. What was written just now makes nobody late, however much of it there is.
 */
export function lagOf(before: LagReading, now: LagReading): string | null {
  const seconds = (now.atMs - before.atMs) / 1000
  if (seconds < LATE_S) return null
  for (const [key, { leader, end, followers }] of now.ends) {
    const earlier = before.ends.get(key)
    if (earlier?.leader !== leader) continue
    for (const [id, own] of followers) {
      const ownBefore = earlier.followers.get(id)
      if (ownBefore === undefined || own >= earlier.end) continue
      if (end - own <= earlier.end - ownBefore) continue
      return `broker ${id} falls behind on ${key}, by more than ${seconds.toFixed(0)} s`
    }
  }
  return null
}
