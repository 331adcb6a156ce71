import { baseReplicas, inSyncReplicas } from '../../model/partition-state.js'
import type { Broker, Partition, Snapshot } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { JudgedBroker } from '../verdict/judge-broker.js'
import { explain, type Scene } from './explain.js'
import type { Cause, ReplicaReason } from './reason.js'
import { saturationOf, type SaturationLimits } from './saturation.js'

/** Replicas that are out of sync or offline; those that a reassignment is adding too, which is no fault. */
function sickReplicas(
  partition: Partition,
  brokers: ReadonlyMap<number, Broker>,
): readonly number[] {
  const isr = inSyncReplicas(partition, brokers)
  const offline = partition.offlineReplicas ?? []
  const isDead = (id: number): boolean => (brokers.get(id)?.state ?? 'dead') === 'dead'
  return partition.replicas.filter(
    (id) =>
      !isr.includes(id) ||
      offline.includes(id) ||
      (isDead(id) && baseReplicas(partition).includes(id)) ||
      (partition.leader === null && baseReplicas(partition).includes(id)),
  )
}

/**
 * Why each replica that is out of sync or offline is so, in the order of topics and partitions. Causes are shared objects:
 * many replicas with one cause point to the same.
 */
export function explainReplicas(
  snapshot: Snapshot,
  verdicts: ReadonlyMap<number, JudgedBroker>,
  limits: SaturationLimits = {},
): readonly ReplicaReason[] {
  const brokers = new Map(snapshot.brokers.map((broker) => [broker.id, broker]))
  const saturation = saturationOf(snapshot, limits)
  const causes = new Map<string, Cause>()
  const share = (cause: Cause): Cause => {
    const key = `${cause.code} ${cause.blamed} ${cause.text}`
    const known = causes.get(key) ?? cause
    causes.set(key, known)
    return known
  }
  const reasons: ReplicaReason[] = []
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const sick = sickReplicas(partition, brokers)
      if (sick.length === 0) continue
      const subject = topicPartitionKey(topic.name, partition.id)
      const scene: Scene = {
        topic: topic.name,
        partition,
        brokers,
        verdicts,
        saturation,
        throttles: snapshot.throttles ?? [],
      }
      for (const broker of sick) {
        const cause = share(explain(broker, scene))
        reasons.push({ subject, broker, leader: partition.leader, cause })
      }
    }
  }
  return reasons
}
