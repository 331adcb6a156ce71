import type { IntervalTraffic } from '../../../../traffic/interval.js'
import { ratePerSec } from '../../../../traffic/interval.js'
import type { Move } from '../../moves.js'

/** What a broker can carry, bytes per second; what is not stated is not limited. */
export interface BrokerLimits {
  readonly in?: number
  readonly out?: number
}

/** Bytes per second of a broker, without what the moves copy. */
interface Carried {
  in: number
  out: number
}

/** Below this share of partitions with a figure, what brokers carry is not known. */
const ENOUGH_KNOWN = 0.8

/** What each broker carries by one observation; null when too little of it is known. */
export function carriedBy(
  traffic: IntervalTraffic,
  moves: readonly Move[],
): ReadonlyMap<number, Carried> | null {
  const adding = new Map(moves.map(({ key, adding: brokers }) => [key, new Set(brokers)]))
  const carried = new Map<number, Carried>()
  const at = (broker: number): Carried => {
    const found = carried.get(broker) ?? { in: 0, out: 0 }
    carried.set(broker, found)
    return found
  }
  let known = 0
  let led = 0
  for (const [key, { leader, bytesIn, bytesOut, coveredMs, replicaSizes }] of traffic.partitions) {
    if (leader === null) continue
    led += 1
    const rate = ratePerSec(bytesIn, coveredMs)
    if (rate === undefined) continue
    known += 1
    const newcomers = adding.get(key)
    const followers = [...replicaSizes.keys()].filter(
      (id) => id !== leader && newcomers?.has(id) !== true,
    )
    at(leader).in += rate
    at(leader).out += (ratePerSec(bytesOut, coveredMs) ?? 0) + rate * followers.length
    for (const id of followers) at(id).in += rate
  }
  return led > 0 && known < led * ENOUGH_KNOWN ? null : carried
}

/**
 * Bytes per second that the tightest broker of the moves has left, in the direction in which it is needed; null where none
 * of them has a limit.
 */
export function spareCapacity(
  traffic: IntervalTraffic,
  carried: ReadonlyMap<number, Carried>,
  moves: readonly Move[],
  limitsOf: (broker: number) => BrokerLimits,
): number | null {
  let least: number | null = null
  const heed = (limit: number | undefined, load: number | undefined): void => {
    if (limit === undefined) return
    const left = Math.max(0, limit - (load ?? 0))
    least = least === null ? left : Math.min(least, left)
  }
  for (const { key, adding, from } of moves) {
    if (adding.length === 0) continue
    const source = traffic.partitions.get(key)?.leader ?? from[0]
    if (source !== undefined) heed(limitsOf(source).out, carried.get(source)?.out)
    for (const id of adding) heed(limitsOf(id).in, carried.get(id)?.in)
  }
  return least
}
