import { indexBrokers, indexPartitions } from '../../../model/find-partition.js'
import { inSyncReplicas } from '../../../model/partition-state.js'
import type { Guard, GuardInput } from './guard.js'
import { nameSome } from './guard.js'
import { guardPlan } from './plan-guards.js'

/**
 * Leaders that no election makes: the replica is there and lives, but is not in sync, so Kafka leaves the leader as it is and
 * the move would wait for nothing that it brings about. Of a move that copies, its own copy is waited for. Partitions that
 * are not as planned are left out: the plan says nothing of who leads those, and they are refused or skipped anyway.
 */
export function guardLeaders(input: GuardInput): readonly Guard[] {
  const { moves, allMoves = moves, snapshot } = input
  const brokers = indexBrokers(snapshot)
  const located = indexPartitions(snapshot, new Set(allMoves.map(({ key }) => key)))
  const changed = new Set(guardPlan(input).flatMap(({ skips = [] }) => skips))
  const behind = allMoves.filter(({ key, to, leader }) => {
    const partition = located.get(key)?.partition
    if (partition === undefined || changed.has(key) || partition.leader === leader) return false
    if (to.some((id) => !partition.replicas.includes(id))) return false
    // That a broker is down is told by itself, and of a partition without a leader nothing can be moved.
    if (brokers.get(leader)?.state !== 'alive' || partition.leader === null) return false
    return !inSyncReplicas(partition, brokers).includes(leader)
  })
  if (behind.length === 0) return []
  const names = [...new Set(behind.map(({ key, leader }) => `${key} by broker ${leader}`))]
  const message = `${names.length} partitions are to be led by a replica that is not in sync, which cannot be elected until it is: ${nameSome(names)}`
  return [{ code: 'LEADER_NOT_IN_SYNC', message, lift: 'ignore-under-replicated', exit: 'refused' }]
}
