import type { BrokerEvidence, MeasuredTraffic } from '../model/evidence.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BrokerSample, ReplicaSample } from './sample.js'

/** What samples tell of one broker: when it was last there, since when it is not, and what it carried last. */
export type BrokerSightings = Pick<BrokerEvidence, 'lastSampleAt' | 'awayAt' | 'traffic'>

const iso = (ms: number): string => new Date(ms).toISOString()

interface Seen {
  aliveAtMs: number
  readonly deadAtMs: number[]
}

/** Collects over samples in any order when each broker was there and when it was not. */
export interface SightingsFinder {
  add(sample: BrokerSample): void
  /** By broker id; `newest` is the newest collection. */
  sightings(newest: readonly BrokerSample[]): ReadonlyMap<number, BrokerSightings>
}

/** Opens an empty finder. A sample of a broker that its collector found missing is no sign of life. */
export function openSightingsFinder(): SightingsFinder {
  const seen = new Map<number, Seen>()
  return {
    add({ broker, capturedAtMs, part }) {
      if (part !== 0) return
      const own = seen.get(broker.id) ?? { aliveAtMs: -Infinity, deadAtMs: [] }
      seen.set(broker.id, own)
      if (broker.state === 'dead') own.deadAtMs.push(capturedAtMs)
      else if (broker.unreachable === undefined)
        own.aliveAtMs = Math.max(own.aliveAtMs, capturedAtMs)
    },
    sightings(newest) {
      const traffic = latestTraffic(newest)
      return new Map([...seen].map(([id, own]) => [id, sightingsOf(own, traffic.get(id))]))
    },
  }
}

function sightingsOf({ aliveAtMs, deadAtMs }: Seen, traffic?: MeasuredTraffic): BrokerSightings {
  const awayMs = deadAtMs.filter((at) => at > aliveAtMs).reduce((a, b) => Math.min(a, b), Infinity)
  return {
    ...(Number.isFinite(aliveAtMs) && { lastSampleAt: iso(aliveAtMs) }),
    ...(Number.isFinite(awayMs) && { awayAt: iso(awayMs) }),
    ...(traffic !== undefined && { traffic }),
  }
}

interface Rates {
  in: number
  out: number
}

function addReplica(rates: Map<number, Rates>, leader: number, replica: ReplicaSample): void {
  const { role, coveredMs, bytesIn, bytesOut, state } = replica
  if (role !== 'leader' || state === null || coveredMs <= 0) return
  const incoming = ((bytesIn ?? 0) * 1000) / coveredMs
  const followers = state.replicas.filter((id) => id !== leader)
  for (const id of [leader, ...followers]) {
    const own = rates.get(id) ?? { in: 0, out: 0 }
    rates.set(id, own)
    own.in += incoming
    if (id === leader) own.out += ((bytesOut ?? 0) * 1000) / coveredMs + followers.length * incoming
  }
}

/** What each broker carries by one collection alone: producers and replication in, consumers and followers out. */
function latestTraffic(newest: readonly BrokerSample[]): ReadonlyMap<number, MeasuredTraffic> {
  const rates = new Map<number, Rates>()
  for (const { broker, topics } of newest)
    for (const { replicas } of topics)
      for (const replica of replicas) addReplica(rates, broker.id, replica)
  const at = newest.reduce((latest, { toMs }) => Math.max(latest, toMs), 0)
  return new Map(
    [...rates].map(([id, rate]) => [
      id,
      {
        at: iso(at),
        inBytesPerSec: Math.round(rate.in),
        outBytesPerSec: Math.round(rate.out),
      },
    ]),
  )
}

/** The snapshot with what samples tell of its brokers. */
export function withSightings(
  snapshot: Snapshot,
  sightings: ReadonlyMap<number, BrokerSightings>,
): Snapshot {
  return {
    ...snapshot,
    brokers: snapshot.brokers.map((broker) => {
      const seen = sightings.get(broker.id)
      return seen === undefined ? broker : { ...broker, evidence: { ...broker.evidence, ...seen } }
    }),
  }
}
