import { targetReplicas } from '../../model/broker-load.js'
import { isBeingReassigned, outOfSyncReplicas } from '../../model/partition-state.js'
import type { Broker, Partition, Snapshot, Topic } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, Reason } from '../../plan/plan.js'
import { describeAtRisk, hasSource, IN_FLIGHT } from '../place/at-risk.js'
import type { Task } from '../place/rework.js'
import type { HealPolicy } from './heal-policy.js'

/** What is wrong with the cluster, sorted by what can be done about it. */
export interface HealWork {
  readonly tasks: readonly Task[]
  /** Wanted, but nothing can be done about it now: in flight, or no live copy to heal from. */
  readonly deferred: readonly Deferred[]
  /** Out of sync on a live broker with sound log dirs: nobody knows why. */
  readonly unexplained: readonly string[]
}

type Verdict =
  | { readonly kind: 'sound' }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'deferred'; readonly deferred: Deferred }
  | { readonly kind: 'unexplained'; readonly subject: string }

function describeLost(
  lost: readonly number[],
  partition: Partition,
  brokers: ReadonlyMap<number, Broker>,
): Reason {
  const isDead = (id: number): boolean => (brokers.get(id)?.state ?? 'dead') === 'dead'
  const dead = lost.filter(isDead)
  const failed = lost.filter((id) => !isDead(id))
  const seen = dead.map((id) => {
    const lastSeen = brokers.get(id)?.lastSeen
    return lastSeen === undefined
      ? `broker ${id} is dead`
      : `broker ${id} is dead since ${lastSeen}`
  })
  const dirs = failed.map((id) => `a log directory of broker ${id} has failed`)
  const parts = [...seen, ...dirs]
  if (parts.length > 0) {
    const code = dead.length > 0 ? 'DEAD_BROKER' : 'LOG_DIR_FAILED'
    return { code, text: parts.join(', ') }
  }
  const factor = targetReplicas(partition).length
  return { code: 'REPLICATION_FACTOR_LOW', text: `it has ${factor} replicas, fewer than it should` }
}

function judge(
  topic: Topic,
  partition: Partition,
  brokers: ReadonlyMap<number, Broker>,
  policy: HealPolicy,
): Verdict {
  const subject = topicPartitionKey(topic.name, partition.id)
  const list = targetReplicas(partition)
  const failed = new Set(partition.offlineReplicas ?? [])
  const isDead = (id: number): boolean => (brokers.get(id)?.state ?? 'dead') === 'dead'
  const lost = list.filter((id) => isDead(id) || failed.has(id))
  const missing = Math.max(0, (policy.minReplicationFactor ?? 0) - list.length)
  if (isBeingReassigned(partition)) {
    if (lost.length + missing === 0) return { kind: 'sound' }
    return { kind: 'deferred', deferred: { subject, reason: IN_FLIGHT } }
  }
  // A live replica that fell behind a leader which is gone cannot catch up: the loss explains it.
  if (lost.length > 0 && !hasSource(partition, brokers, lost)) {
    return { kind: 'deferred', deferred: { subject, reason: describeAtRisk(partition, lost) } }
  }
  const outOfSync = outOfSyncReplicas(partition, brokers)
  if (outOfSync.some((id) => !lost.includes(id))) return { kind: 'unexplained', subject }
  if (lost.length + missing === 0) return { kind: 'sound' }
  const reason = describeLost(lost, partition, brokers)
  const wanted = lost.length + missing
  return { kind: 'task', task: { topic, partition, leaving: lost, wanted, reason } }
}

/** Looks at each partition of a sorted snapshot. */
export function findWork(
  snapshot: Snapshot,
  brokers: ReadonlyMap<number, Broker>,
  policy: HealPolicy,
): HealWork {
  const tasks: Task[] = []
  const deferred: Deferred[] = []
  const unexplained: string[] = []
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const verdict = judge(topic, partition, brokers, policy)
      if (verdict.kind === 'task') tasks.push(verdict.task)
      else if (verdict.kind === 'deferred') deferred.push(verdict.deferred)
      else if (verdict.kind === 'unexplained') unexplained.push(verdict.subject)
    }
  }
  return { tasks, deferred, unexplained }
}
