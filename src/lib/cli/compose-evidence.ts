import {
  stateDirectory,
  fileNameOf,
  preparePrivateDirectory,
} from '../adapters/journal/state-directory.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Memory, Sighting } from '../health/memory/memory.js'
import type { Snapshot } from '../model/snapshot.js'
import type { LocalMemory } from '../ports/local-memory.js'
import type { ReadContext } from './read-context.js'
import type { SnapshotTools } from './compose-reading.js'
import type { Ui } from './ui.js'

/** A snapshot with its evidence, and what this host remembers now. */
export interface Evidenced {
  readonly snapshot: Snapshot
  readonly memory: Memory
}

/** How evidence is gathered. */
export interface EvidenceWishes {
  /** Looks that lie further apart than this prove nothing of the time between them. */
  readonly longestGapMs?: number
  /** Reads the newest samples as well; a snapshot with the traffic of the stats topic has them already. */
  readonly withSamples?: true
  /** First-seen times that hosts share, by name (`broker/4/away`). */
  readonly shared?: ReadonlyMap<string, Sighting>
}

async function openMemory(): Promise<LocalMemory> {
  const { openLocalMemory } = await import('../adapters/memory/open-local-memory.js')
  return openLocalMemory(stateDirectory(process.env), preparePrivateDirectory, fileNameOf)
}

/** First-seen times of the state store, where they can be read; a plan never depends on them. */
async function readShared(
  context: ReadContext,
  clusterId: string,
  ui: Pick<Ui, 'warn'>,
): Promise<ReadonlyMap<string, Sighting>> {
  const { readState } = await import('./read-state.js')
  const { parseSightings } = await import('../health/memory/shared.js')
  try {
    return parseSightings((await readState(context, clusterId)).firstSeen)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    ui.warn(`since when brokers are away is known to this host alone: ${error.message}`)
    return new Map()
  }
}

async function probeBrokers(context: ReadContext, live: Snapshot, own: Memory): Promise<Snapshot> {
  const { gatherEvidence } = await import('../reading/evidence.js')
  return context.withBrokerProbe((probe) => gatherEvidence(live, probe, own))
}

async function readSamples(context: ReadContext, live: Snapshot, signal: AbortSignal) {
  const { readRecentSightings } = await import('./compose-stats.js')
  return readRecentSightings(context, live.cluster.id, signal)
}

/** Everything at once, so that a broker that hangs costs its deadline once. */
async function gather(
  context: ReadContext,
  live: Snapshot,
  own: Memory,
  { ui, signal, ...wishes }: SnapshotTools & EvidenceWishes,
): Promise<readonly [Snapshot, ReadonlyMap<string, Sighting>]> {
  const { withSightings } = await import('../traffic/broker-sightings.js')
  const isTroubled = live.brokers.some(
    ({ state, unreachable }) => state === 'dead' || unreachable !== undefined,
  )
  const wantsShared = wishes.shared === undefined && isTroubled
  const [probed, sightings, shared] = await Promise.all([
    probeBrokers(context, live, own),
    wishes.withSamples === true ? readSamples(context, live, signal) : new Map<number, never>(),
    wantsShared ? readShared(context, live.cluster.id, ui) : (wishes.shared ?? new Map()),
  ])
  return [withSightings(probed, sightings), shared]
}

/**
 * Adds to a live snapshot what the brokers' own addresses say, and since when; what was noticed is kept on this host,
 * never on the cluster. A host that cannot keep it says so, and goes on.
 */
export async function withEvidence(
  context: ReadContext,
  live: Snapshot,
  tools: SnapshotTools,
  wishes: EvidenceWishes = {},
): Promise<Evidenced> {
  const { joinMemory } = await import('../health/memory/memory.js')
  const { remember, withMemory } = await import('../health/memory/remember.js')
  const local = await openMemory()
  const own = await local.read(live.cluster.id)
  const [seen, shared] = await gather(context, live, own, { ...tools, ...wishes })
  const memory = remember(joinMemory(own, shared), seen, wishes.longestGapMs)
  await local.write(live.cluster.id, memory).catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error
    tools.ui.warn(error.message)
  })
  return { snapshot: withMemory(seen, memory), memory }
}
