import { brokerLoads } from '../../model/broker-load.js'
import type { Broker, Snapshot } from '../../model/snapshot.js'
import { formatBytesPerSec } from '../../units/format-quantity.js'
import type { Measured } from './reason.js'

/** What brokers can carry, where it is not as the snapshot states it. */
export interface SaturationLimits {
  /** Share of each stated capacity that may be used; 1 is all of it. */
  readonly limit?: number
  readonly inLimit?: number
  readonly outLimit?: number
}

/** Overhead of TCP and bursts within an interval: a cable is full before the mean says so. */
const FULL_FROM = 0.9

/** Tells whether a broker's network is full, by the traffic that was last measured; null where it is not, or not known. */
export type SaturationOf = (broker: number) => Measured | null

interface Rates {
  readonly at: string
  readonly in: number
  readonly out: number
}

/** A snapshot measured on the spot or from a file has rates of its partitions and none of its brokers. */
function ratesOf(snapshot: Snapshot): (broker: Broker) => Rates | null {
  const { traffic } = snapshot
  const loads = traffic === undefined ? null : brokerLoads(snapshot)
  return ({ id, evidence }) => {
    const own = evidence?.traffic
    if (own !== undefined) return { at: own.at, in: own.inBytesPerSec, out: own.outBytesPerSec }
    const load = loads?.get(id)
    if (load === undefined || traffic === undefined) return null
    return { at: traffic.to, in: load.inBytesPerSec, out: load.outBytesPerSec }
  }
}

function roomOf(
  { capacity }: Broker,
  limits: SaturationLimits,
): Readonly<Record<'in' | 'out', number>> {
  const share = limits.limit ?? 1
  return {
    in: (limits.inLimit ?? capacity?.inBytesPerSec ?? Infinity) * share,
    out: (limits.outLimit ?? capacity?.outBytesPerSec ?? Infinity) * share,
  }
}

/** Prepares the question for a snapshot; a broker without a stated capacity is never full. */
export function saturationOf(snapshot: Snapshot, limits: SaturationLimits): SaturationOf {
  const rates = ratesOf(snapshot)
  const brokers = new Map(snapshot.brokers.map((broker) => [broker.id, broker]))
  return (id) => {
    const broker = brokers.get(id)
    const rate = broker === undefined ? null : rates(broker)
    if (broker === undefined || rate === null) return null
    const room = roomOf(broker, limits)
    const resource = rate.in / room.in >= rate.out / room.out ? 'in' : 'out'
    if (rate[resource] < room[resource] * FULL_FROM) return null
    return {
      resource,
      bytesPerSec: rate[resource],
      limitBytesPerSec: room[resource],
      at: rate.at,
    }
  }
}

/** `12.1 MB/s out of 12 MB/s (101 %), measured 2026-11-21T11:00:00.000Z`. */
export function describeMeasured(broker: number, measured: Measured): string {
  const { resource, bytesPerSec, limitBytesPerSec, at } = measured
  const share = Math.round((bytesPerSec / limitBytesPerSec) * 100)
  const direction = resource === 'in' ? 'takes in' : 'has to send'
  return `broker ${broker} ${direction} ${formatBytesPerSec(bytesPerSec)}, ${share} % of its limit of ${formatBytesPerSec(limitBytesPerSec)} (measured until ${at})`
}
