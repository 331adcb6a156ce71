import type { FetchLimits } from '../../next-moves.js'
import type { AutoThrottle } from './auto-throttle.js'

/** Clients' records wait for whole answers on the links that they share with moves: for so long, about, and no longer. */
const LONGEST_WAIT_MS = 2
const MOST = 5
/** Where nobody knows how fast links are. */
const UNKNOWN = 2

/**
 * How many full fetches of moves a broker shall receive, or send, at a time: a throttle bounds the mean, but what it lets
 * through comes at the speed of the link, `fetchBytes` of each partition in one answer.
 */
export function fetchesAtOnce(
  { all, brokers }: AutoThrottle['limits'],
  fetchBytes: number,
): FetchLimits {
  const rates = [all, ...Object.values(brokers)].flatMap(({ in: receive, out: send }) => [
    receive ?? Infinity,
    send ?? Infinity,
  ])
  const least = Math.min(...rates)
  if (!Number.isFinite(least)) return { perBroker: UNKNOWN, fetchBytes }
  const bytes = (least * LONGEST_WAIT_MS) / 1000
  return { perBroker: Math.min(MOST, Math.max(1, Math.floor(bytes / fetchBytes))), fetchBytes }
}
