import { indexBrokers } from '../../model/find-partition.js'
import type { BrokerEvidence } from '../../model/evidence.js'
import type { Broker, Snapshot } from '../../model/snapshot.js'
import { holdingsOf, NO_HOLDINGS, type Holdings } from '../verdict/holdings.js'
import type { Memory, RememberedBroker, Sighting } from './memory.js'

/** Brokers that nobody has seen for so long are forgotten, and never more than so many are kept. */
const FORGET_AFTER_MS = 30 * 86_400_000
const MOST_BROKERS = 5_000
const LONGEST_GAP_MS = 3_600_000

/** Between two looks that lie further apart than this a broker may have come and gone unnoticed. Milliseconds. */
export const longestGap = (minDeadForMs: number): number =>
  Math.max(LONGEST_GAP_MS, 2 * minDeadForMs)

interface Look {
  readonly now: string
  readonly nowMs: number
  readonly longestGapMs: number
}

/** Goes on with a sighting, or begins one; `seenWellMs` is the last time that something proves the opposite. */
function see(sighting: Sighting | undefined, look: Look, seenWellMs = -Infinity): Sighting {
  const fresh: Sighting = { since: look.now, lastSeen: look.now }
  if (sighting === undefined) return fresh
  const [sinceMs, lastMs] = [Date.parse(sighting.since), Date.parse(sighting.lastSeen)]
  const isBroken = look.nowMs - lastMs > look.longestGapMs || sinceMs > look.nowMs
  if (isBroken || seenWellMs >= lastMs) return fresh
  const since = seenWellMs >= sinceMs ? sighting.lastSeen : sighting.since
  return { since, lastSeen: look.now }
}

const timeOf = (iso: string | undefined): number =>
  iso === undefined ? -Infinity : Date.parse(iso)

/** What the stats topic alone tells: its collector has been looking all along. */
function earlier(sighting: Sighting, toldAt: string | undefined): Sighting {
  return timeOf(toldAt) < Date.parse(sighting.since) && toldAt !== undefined
    ? { ...sighting, since: toldAt }
    : sighting
}

/** Where it is: as the cluster says, else as it was. */
function addressOf(
  { host, port, rack }: Broker,
  before: RememberedBroker | undefined,
): Pick<RememberedBroker, 'host' | 'port' | 'rack'> {
  const known = rack ?? before?.rack
  return {
    ...(before?.host !== undefined && { host: before.host }),
    ...(before?.port !== undefined && { port: before.port }),
    ...(host !== '' && { host, port }),
    ...(known !== undefined && { rack: known }),
  }
}

type Times = Omit<RememberedBroker, 'id' | 'host' | 'port' | 'rack'>

const isSilent = (evidence: BrokerEvidence | undefined): boolean =>
  evidence?.api !== undefined && evidence.api !== 'answered'

const lastWell = (before: RememberedBroker | undefined): Pick<Times, 'wellAt'> =>
  before?.wellAt === undefined ? {} : { wellAt: before.wellAt }

/**
 * The silence of a broker that is away. A process that hangs accepts nothing more once its backlog is full, which ends no
 * silence; but only one that began behind an open port tells it from a host that is gone.
 */
function silenceAway(
  { evidence }: Broker,
  before: RememberedBroker | undefined,
  look: Look,
  sampledMs: number,
): Pick<Times, 'silent'> {
  const silent = see(before?.silent, look, sampledMs)
  if (evidence?.port === 'open' && isSilent(evidence)) return { silent }
  const wasOpen = before?.away !== undefined || before?.listeningAt !== undefined
  const goesOn = evidence?.port === 'timed-out' && wasOpen && silent.since !== look.now
  return goesOn ? { silent } : {}
}

/** Away since the first look that found it so, or since the collector's samples say so. */
function timesAway(broker: Broker, before: RememberedBroker | undefined, look: Look): Times {
  const { evidence } = broker
  const sampledMs = timeOf(evidence?.lastSampleAt)
  return {
    away: earlier(see(before?.away, look, sampledMs), evidence?.awayAt),
    ...silenceAway(broker, before, look, sampledMs),
    ...lastWell(before),
  }
}

/** The silence of a broker that is there, and whether it is that of a process which holds its port. */
function silenceThere(
  evidence: BrokerEvidence | undefined,
  before: RememberedBroker | undefined,
  look: Look,
): Pick<Times, 'silent' | 'listeningAt'> {
  const silent = see(before?.silent, look)
  if (evidence?.port === 'open') return { silent, listeningAt: look.now }
  const goesOn = evidence?.port === 'timed-out' && silent.since !== look.now
  const wasOpen = goesOn && before?.listeningAt !== undefined
  return { silent, ...(wasOpen && { listeningAt: before.listeningAt }) }
}

function timesThere(
  { evidence }: Broker,
  before: RememberedBroker | undefined,
  holdings: Holdings,
  look: Look,
): Times {
  const returnedAt = before?.away === undefined ? before?.returnedAt : look.now
  const back = returnedAt === undefined ? {} : { returnedAt }
  if (isSilent(evidence))
    return { ...silenceThere(evidence, before, look), ...lastWell(before), ...back }
  const isBehind = holdings.inSync < holdings.replicas
  return { ...(isBehind && { behind: see(before?.behind, look) }), wellAt: look.now, ...back }
}

function rememberOne(
  broker: Broker,
  before: RememberedBroker | undefined,
  holdings: Holdings,
  look: Look,
): RememberedBroker {
  const isThere = broker.evidence?.registered === 'yes'
  const times = isThere
    ? timesThere(broker, before, holdings, look)
    : timesAway(broker, before, look)
  return { id: broker.id, ...addressOf(broker, before), ...times }
}

/**
 * What is remembered after this look at a cluster. A trouble that was there before goes on since then, one that is over is
 * forgotten at once, and one that was not looked at for too long begins anew. Needs the evidence of every broker.
 */
export function remember(before: Memory, snapshot: Snapshot, longestGapMs = longestGap(0)): Memory {
  const nowMs = Date.parse(snapshot.capturedAt)
  const look: Look = { now: snapshot.capturedAt, nowMs, longestGapMs }
  const holdings = holdingsOf(snapshot, indexBrokers(snapshot))
  const seen = snapshot.brokers.map((broker) =>
    rememberOne(broker, before.get(broker.id), holdings.get(broker.id) ?? NO_HOLDINGS, look),
  )
  const ids = new Set(snapshot.brokers.map(({ id }) => id))
  const others = [...before.values()].filter(
    ({ id, wellAt }) => !ids.has(id) && nowMs - timeOf(wellAt) < FORGET_AFTER_MS,
  )
  const kept = [...seen, ...others].slice(0, MOST_BROKERS).sort((a, b) => a.id - b.id)
  return new Map(kept.map((broker) => [broker.id, broker]))
}

/** The snapshot with the times that are remembered, as evidence of its brokers. */
export function withMemory(snapshot: Snapshot, memory: Memory): Snapshot {
  return {
    ...snapshot,
    brokers: snapshot.brokers.map((broker) => {
      const known = memory.get(broker.id)
      if (known === undefined) return broker
      const { away, silent, behind, returnedAt, wellAt } = known
      const lastSeen = broker.state === 'dead' ? (wellAt ?? broker.lastSeen) : broker.lastSeen
      return {
        ...broker,
        ...(lastSeen !== undefined && { lastSeen }),
        evidence: {
          ...broker.evidence,
          ...(away !== undefined && { awayAt: away.since }),
          ...(silent !== undefined && { silentAt: silent.since }),
          ...(behind !== undefined && { behindAt: behind.since }),
          ...(returnedAt !== undefined && { returnedAt }),
        },
      }
    }),
  }
}
