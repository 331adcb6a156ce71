import { FETCH_BYTES, type BatchLimits, type SparingLimits } from '../../next-moves.js'
import type { AutoThrottle } from './governor.js'

/** Clients' records that replicate over the same connection wait for a whole answer: no longer than about this. */
const LONGEST_WAIT_MS = 20
const MOST = 5
/** Where nobody knows how fast links are. */
const UNKNOWN = 2

/**
 * How many full fetches of moves a broker shall receive, or send, at a time: a throttle bounds the mean, but what it lets
 * through comes at the speed of the link, in one answer for all partitions of a source.
 */
export function fetchesAtOnce({ all, brokers }: AutoThrottle['limits']): number {
  const rates = [all, ...Object.values(brokers)].flatMap(({ in: receive, out: send }) => [
    receive ?? Infinity,
    send ?? Infinity,
  ])
  const least = Math.min(...rates)
  if (!Number.isFinite(least)) return UNKNOWN
  const bytes = (least * LONGEST_WAIT_MS) / 1000
  return Math.min(MOST, Math.max(1, Math.floor(bytes / FETCH_BYTES)))
}

/** The limits of a run; under a throttle that spares clients, what comes in one piece is kept small too. */
export function sparingLimits(limits: BatchLimits, auto: AutoThrottle | undefined): SparingLimits {
  return auto === undefined ? limits : { ...limits, fetchesPerBroker: fetchesAtOnce(auto.limits) }
}
