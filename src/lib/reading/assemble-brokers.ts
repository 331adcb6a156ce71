import type { Broker, LogDir } from '../model/snapshot.js'
import type { ClusterMetadata, RegisteredBroker } from '../ports/cluster-reader.js'
import type { DiskView } from './log-dirs.js'

/** An address that is known from somewhere else: the last snapshot, the file, ZooKeeper. */
export type KnownBroker = Pick<Broker, 'id' | 'host' | 'port' | 'rack'>

/** Two directories whose free space differs by less than this share one volume. */
const SAME_VOLUME_BYTES = 1_048_576

/**
 * Brokers sorted by id: registered ones alive; fenced ones, and those that only replica lists still name, dead. A dead
 * broker's address is what is known from elsewhere, else empty.
 */
export function assembleBrokers(
  metadata: ClusterMetadata,
  disks: DiskView,
  known: readonly KnownBroker[],
): readonly Broker[] {
  const alive = new Map(metadata.brokers.map((broker) => [broker.id, broker]))
  const missing = new Set([...metadata.fencedBrokerIds, ...hostIds(metadata)])
  return [...new Set([...alive.keys(), ...missing])]
    .sort((a, b) => a - b)
    .map((id) => {
      const broker = alive.get(id)
      return broker === undefined ? deadBroker(id, metadata, known) : aliveBroker(broker, disks)
    })
}

function hostIds(metadata: ClusterMetadata): ReadonlySet<number> {
  const ids = new Set<number>()
  for (const topic of metadata.topics)
    for (const partition of topic.partitions) for (const id of partition.replicas) ids.add(id)
  return ids
}

function aliveBroker(broker: RegisteredBroker, disks: DiskView): Broker {
  const logDirs = disks.logDirs.get(broker.id)
  const diskBytes = logDirs === undefined ? undefined : capacityOf(logDirs)
  const unreachable = disks.unreachable.get(broker.id)
  return {
    id: broker.id,
    host: broker.host,
    port: broker.port,
    ...(broker.rack !== undefined && { rack: broker.rack }),
    state: 'alive',
    ...(diskBytes !== undefined && { capacity: { diskBytes } }),
    ...(logDirs !== undefined && { logDirs }),
    ...(unreachable !== undefined && { unreachable }),
  }
}

function deadBroker(id: number, metadata: ClusterMetadata, known: readonly KnownBroker[]): Broker {
  const sources = [...(metadata.fencedBrokers ?? []), ...known]
  const address = sources.find((broker) => broker.id === id)
  return {
    id,
    host: address?.host ?? '',
    port: address?.port ?? 0,
    ...(address?.rack !== undefined && { rack: address.rack }),
    state: 'dead',
    ...(metadata.fencedBrokerIds.includes(id) && { fenced: true }),
  }
}

/** Bytes of all directories that are online (KIP-827), a volume that several of them share counted once. */
function capacityOf(logDirs: readonly LogDir[]): number | undefined {
  const volumes: { readonly total: number; readonly usable: number }[] = []
  for (const dir of logDirs) {
    if (dir.error !== undefined) continue
    if (dir.totalBytes === undefined || dir.usableBytes === undefined) return undefined
    const { totalBytes: total, usableBytes: usable } = dir
    const isShared = volumes.some(
      (v) => v.total === total && Math.abs(v.usable - usable) < SAME_VOLUME_BYTES,
    )
    if (!isShared) volumes.push({ total, usable })
  }
  return volumes.length === 0 ? undefined : volumes.reduce((sum, v) => sum + v.total, 0)
}
