import type { ThrottleEntry } from '../../model/snapshot.js'

const LISTS = {
  follower: 'follower.replication.throttled.replicas',
  leader: 'leader.replication.throttled.replicas',
} as const
const RATES = {
  follower: 'follower.replication.throttled.rate',
  leader: 'leader.replication.throttled.rate',
} as const

/** A replica, and the leader that it copies from. */
export interface CopyingReplica {
  readonly topic: string
  readonly partition: number
  readonly replica: number
  readonly leader: number | null
}

/** Whether a list (`0:1,0:2`, or `*`) names a replica. */
const names = (list: string, partition: number, broker: number): boolean =>
  list.split(',').some((entry) => ['*', `${partition}:${broker}`].includes(entry.trim()))

/**
 * Throttles that bear on the copying of one replica: where the topic lists it, the rate of its broker, or of its leader,
 * as `broker 2 follower.replication.throttled.rate=1`. A rate alone, or a list alone, holds nobody back.
 */
export function throttlesOn(
  throttles: readonly ThrottleEntry[],
  { topic, partition, replica, leader }: CopyingReplica,
): readonly string[] {
  const sides = [
    ['follower', replica],
    ['leader', leader],
  ] as const
  return sides.flatMap(([side, broker]) => {
    if (broker === null) return []
    const isListed = throttles.some(
      ({ resource, name, key, value }) =>
        resource === 'topic' &&
        name === topic &&
        key === LISTS[side] &&
        names(value, partition, broker),
    )
    if (!isListed) return []
    const rates = throttles.filter(
      ({ resource, name, key }) =>
        resource === 'broker' && key === RATES[side] && (name === String(broker) || name === ''),
    )
    return rates.map(({ key, value }) => `broker ${broker} ${key}=${value}`)
  })
}
