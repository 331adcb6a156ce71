import { indexBrokers, indexPartitions } from '../../../model/find-partition.js'
import { inSyncReplicas } from '../../../model/partition-state.js'
import type { Guard, GuardInput } from './guard.js'
import { nameSome } from './guard.js'

/**
 * Leaders that no election makes: the replica is there and lives, but is not in sync, so Kafka leaves the leader as it is and
 * the move would wait for nothing that it brings about. Of a move that copies, its own copy is waited for.
 */
export function guardLeaders({ moves, snapshot }: GuardInput): readonly Guard[] {
  const brokers = indexBrokers(snapshot)
  const located = indexPartitions(snapshot, new Set(moves.map(({ key }) => key)))
  const behind = moves.filter(({ key, adding, leader }) => {
    const partition = located.get(key)?.partition
    if (partition === undefined || adding.length > 0 || partition.leader === leader) return false
    // That a broker is down is told by itself, and of a partition without a leader nothing can be moved.
    if (brokers.get(leader)?.state !== 'alive' || partition.leader === null) return false
    return (
      partition.replicas.includes(leader) && !inSyncReplicas(partition, brokers).includes(leader)
    )
  })
  if (behind.length === 0) return []
  const named = nameSome(behind.map(({ key, leader }) => `${key} by broker ${leader}`))
  const message = `${behind.length} partitions are to be led by a replica that is not in sync, which cannot be elected until it is: ${named}`
  return [{ code: 'LEADER_NOT_IN_SYNC', message, lift: 'ignore-under-replicated', exit: 'refused' }]
}
