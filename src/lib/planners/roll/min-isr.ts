import { baseReplicas } from '../../model/partition-state.js'
import type { Partition, Snapshot } from '../../model/snapshot.js'

/**
 * What happens to a partition when a set of brokers stops, worst first (the rules are Strimzi's, with LinkedIn's margin):
 * - `UNHEALTHY` it has no leader already
 * - `OFFLINE` nobody would be left in sync
 * - `UNSAFE` fewer than `min.insync.replicas` would be left, or fewer are there already and a holder would stop
 * - `UNAVOIDABLE` its replication factor is not above `min.insync.replicas`: no restart can keep it writable
 * - `THIN` it would stay writable, but without the margin asked for
 */
export type StopVerdict = 'UNHEALTHY' | 'OFFLINE' | 'UNSAFE' | 'UNAVOIDABLE' | 'THIN'

/** One partition that a stop would hurt, with the figures behind the verdict. */
export interface StopRisk {
  readonly topic: string
  readonly partition: number
  readonly verdict: StopVerdict
  readonly isr: readonly number[]
  readonly isrAfter: readonly number[]
  readonly minIsr: number
}

/** The replicas that are in sync; a snapshot that does not say means all replicas on brokers that are not dead. */
export function inSyncReplicas(partition: Partition, dead: ReadonlySet<number>): readonly number[] {
  return partition.isr ?? partition.replicas.filter((replica) => !dead.has(replica))
}

interface Facts {
  readonly stopsHolder: boolean
  readonly stopsInSync: boolean
  readonly isrCount: number
  readonly afterCount: number
  readonly replicaCount: number
  readonly minIsr: number
  readonly margin: number
}

function judge(facts: Facts): StopVerdict | null {
  if (!facts.stopsHolder) return null
  if (facts.afterCount === 0 && facts.isrCount > 0) return 'OFFLINE'
  if (facts.replicaCount <= facts.minIsr) return facts.stopsInSync ? 'UNAVOIDABLE' : null
  if (facts.isrCount < facts.minIsr) return 'UNSAFE'
  if (!facts.stopsInSync) return null
  if (facts.afterCount < facts.minIsr) return 'UNSAFE'
  const wanted = facts.minIsr + facts.margin
  return facts.afterCount < wanted && facts.replicaCount > wanted ? 'THIN' : null
}

/**
 * Predicts, for every partition, what stopping `brokers` together would do. Empty means the stop is safe. `margin` asks for
 * that many in-sync replicas above `min.insync.replicas`, where the replication factor allows it.
 */
export function predictStop(
  snapshot: Snapshot,
  brokers: ReadonlySet<number>,
  margin = 0,
): readonly StopRisk[] {
  const dead = new Set(
    snapshot.brokers.filter((broker) => broker.state === 'dead').map((broker) => broker.id),
  )
  return snapshot.topics.flatMap((topic) =>
    topic.partitions.flatMap((partition) => {
      const isr = inSyncReplicas(partition, dead)
      const isrAfter = isr.filter((replica) => !brokers.has(replica))
      const minIsr = topic.minInsyncReplicas ?? 1
      const replicas = baseReplicas(partition)
      const verdict =
        partition.leader === null
          ? 'UNHEALTHY'
          : judge({
              stopsHolder: replicas.some((replica) => brokers.has(replica)),
              stopsInSync: isrAfter.length < isr.length,
              isrCount: isr.length,
              afterCount: isrAfter.length,
              replicaCount: replicas.length,
              minIsr,
              margin,
            })
      return verdict === null
        ? []
        : [{ topic: topic.name, partition: partition.id, verdict, isr, isrAfter, minIsr }]
    }),
  )
}
