import { checkPartialView } from '../../../health/checks/visibility.js'
import { viewHealth } from '../../../health/health-view.js'
import { indexBrokers } from '../../../model/find-partition.js'
import { isBeingReassigned, outOfSyncReplicas } from '../../../model/partition-state.js'
import type { Partition, Snapshot, Topic } from '../../../model/snapshot.js'
import { topicPartitionKey } from '../../../model/topic-partition.js'
import type { Guard, GuardInput } from './guard.js'
import { isDenied, nameSome } from './guard.js'

interface Found {
  readonly key: string
  readonly topic: Topic
  readonly partition: Partition
}

function partitionsOf(snapshot: Snapshot): readonly Found[] {
  return snapshot.topics.flatMap((topic) =>
    topic.partitions.map((partition) => ({
      key: topicPartitionKey(topic.name, partition.id),
      topic,
      partition,
    })),
  )
}

/** Moves that are not of this plan: a second request would override them without a word. */
export function guardInFlight({ moves, snapshot }: GuardInput): readonly Guard[] {
  const ours = new Set(moves.map(({ key }) => key))
  const others = partitionsOf(snapshot)
    .filter(({ key, partition }) => isBeingReassigned(partition) && !ours.has(key))
    .map(({ key }) => key)
  if (others.length === 0) return []
  const message = `${others.length} reassignments are in flight that are not of this plan: ${nameSome(others)}`
  return [{ code: 'REASSIGNMENT_IN_FLIGHT', message, lift: 'additional', exit: 'tryLater' }]
}

/** Partitions that are under-replicated although the plan neither mends them nor says why it cannot. */
export function guardUnderReplicated({ plan, moves, snapshot }: GuardInput): readonly Guard[] {
  const brokers = indexBrokers(snapshot)
  const targets = new Map(moves.map(({ key, to }) => [key, to]))
  const told = new Set(plan.deferred.map(({ subject }) => subject))
  const isDead = (id: number): boolean => (brokers.get(id)?.state ?? 'dead') === 'dead'
  const unexplained = partitionsOf(snapshot).filter(({ key, partition }) => {
    const missing = outOfSyncReplicas(partition, brokers)
    if (missing.length === 0 || told.has(key)) return false
    if (plan.kind === 'heal' && missing.every(isDead)) return false
    const target = targets.get(key)
    // That a broker is away is told by itself; a move that keeps a replica on it could not end.
    if (target === undefined) return !missing.every(isDead)
    return missing.some((id) => target.includes(id) && isDead(id))
  })
  if (unexplained.length === 0) return []
  const keys = unexplained.map(({ key }) => key)
  const message = `${keys.length} partitions are under-replicated and the plan does not say why: ${nameSome(keys)}`
  return [{ code: 'UNDER_REPLICATED', message, lift: 'ignore-under-replicated', exit: 'refused' }]
}

/** A principal that sees part of the cluster would call a burning one healthy. */
export function guardView({ snapshot }: Pick<GuardInput, 'snapshot'>): readonly Guard[] {
  const hidden = checkPartialView(viewHealth(snapshot)).map(({ code, message }): Guard => ({
    code,
    message,
    lift: 'ignore-partial-view',
    exit: 'notAuthorised',
  }))
  const unread = (snapshot.unread ?? []).filter(({ part }) => part === 'reassignments')
  return [
    ...hidden,
    ...unread.map((found): Guard => {
      const message = `the reassignments in flight could not be read (${found.code}): ${found.message}`
      const exit = isDenied(found) ? 'notAuthorised' : 'refused'
      return { code: 'REASSIGNMENTS_UNREAD', message, lift: null, exit }
    }),
  ]
}
