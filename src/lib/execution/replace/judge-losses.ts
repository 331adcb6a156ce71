import { nameSome } from '../../health/wording.js'
import { indexBrokers } from '../../model/find-partition.js'
import { inSyncReplicas } from '../../model/partition-state.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Objection, ReplacementCase } from './replacement-case.js'

interface Held {
  readonly key: string
  /** Replicas on live brokers that would be in sync without the one that goes. */
  readonly left: number
  readonly minIsr: number
  readonly wasEnough: boolean
}

/** What goes with the broker: data that nobody else has, and partitions that cannot be written to without it. */
export function judgeLosses({ broker, snapshot }: ReplacementCase): readonly Objection[] {
  const brokers = indexBrokers(snapshot)
  const isLive = (id: number): boolean => (brokers.get(id)?.state ?? 'dead') !== 'dead'
  const held = snapshot.topics.flatMap(({ name, partitions, minInsyncReplicas: minIsr = 1 }) =>
    partitions
      .filter(({ replicas }) => replicas.includes(broker))
      .map((partition): Held => {
        const inSync = inSyncReplicas(partition, brokers).filter(isLive)
        const left = inSync.filter((id) => id !== broker).length
        const key = topicPartitionKey(name, partition.id)
        return { key, left, minIsr, wasEnough: inSync.length >= minIsr }
      }),
  )
  const lost = held.filter(({ left }) => left === 0).map(({ key }) => key)
  const thin = held
    .filter(({ left, minIsr, wasEnough }) => left > 0 && left < minIsr && wasEnough)
    .map(({ key }) => key)
  const objections: Objection[] = []
  if (lost.length > 0) {
    objections.push({
      code: 'ONLY_COPY',
      message: `broker ${broker} has the only copy in sync of ${lost.length} partition${lost.length === 1 ? '' : 's'} (${nameSome(lost)}): a machine with empty disks loses that data for good`,
      exit: 'refused',
      lift: 'accept-data-loss',
    })
  }
  if (thin.length > 0) {
    objections.push({
      code: 'WOULD_BE_UNAVAILABLE',
      message: `without broker ${broker}, ${thin.length} partition${thin.length === 1 ? '' : 's'} would fall below min.insync.replicas (${nameSome(thin)})`,
      exit: 'refused',
      lift: 'accept-unavailable',
    })
  }
  return objections
}
