import type { Diagnosis } from '../../health/diagnose.js'
import type { ReplicaReason } from '../../health/reasons/reason.js'
import { targetReplicas } from '../../model/broker-load.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type { Broker, Partition, Topic } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, Reason } from '../../plan/plan.js'
import { describeAtRisk, hasSource, IN_FLIGHT } from '../place/at-risk.js'
import type { Task } from '../place/rework.js'
import type { HealPolicy } from './heal-policy.js'
import type { Patients } from './patients.js'

/** A partition that is not to be healed now, and the reason that says so. */
export interface HeldBack {
  readonly subject: string
  readonly reason: ReplicaReason
}

/** What is wrong with the cluster, sorted by what can be done about it. */
export interface HealWork {
  readonly tasks: readonly Task[]
  /** Explained, but nothing can be done about it now: in flight, or no live copy to heal from. */
  readonly deferred: readonly Deferred[]
  /** A broker of theirs may come back by itself. */
  readonly waiting: readonly HeldBack[]
  /** Not explained by a dead broker or a failed log directory. */
  readonly blocked: readonly HeldBack[]
}

type Kind =
  | { readonly kind: 'sound' }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'deferred'; readonly deferred: Deferred }
  | { readonly kind: 'waiting' | 'blocked'; readonly heldBack: HeldBack }

/** What a partition is judged with. */
interface Ward {
  readonly diagnosis: Diagnosis
  readonly patients: Patients
  /** As the patients' snapshot has them. */
  readonly brokers: ReadonlyMap<number, Broker>
  readonly policy: HealPolicy
}

function describeLost(lost: readonly number[], offline: readonly number[], ward: Ward): Reason {
  const dead = lost.filter(ward.patients.isDead)
  const seen = dead.map((id) => {
    const since = ward.diagnosis.verdicts.get(id)?.since
    return since === undefined ? `broker ${id} is dead` : `broker ${id} is dead since ${since}`
  })
  const dirs = lost
    .filter((id) => !dead.includes(id) && offline.includes(id))
    .map((id) => `a log directory of broker ${id} has failed`)
  const code = dead.length > 0 ? 'DEAD_BROKER' : 'LOG_DIR_FAILED'
  return { code, text: [...seen, ...dirs].join(', ') }
}

/** A move onto a lost broker ends only if that comes back, or somebody cancels it. */
function describeInFlight({ adding = [] }: Partition, lost: readonly number[]): Reason {
  const stuck = adding.filter((id) => lost.includes(id)).map((id) => `broker ${id}`)
  if (stuck.length === 0) return IN_FLIGHT
  const text = `it is being reassigned to ${stuck.join(', ')}, where its replica is lost: that does not end by itself; cancel it, and plan again`
  return { ...IN_FLIGHT, text }
}

const factorLow = (factor: number): Reason => ({
  code: 'REPLICATION_FACTOR_LOW',
  text: `it has ${factor} replicas, fewer than it should`,
})

/** Whether a new place mends it: a dead follower, a failed directory, or no leader for want of a dead broker. */
function isHealable({ broker, cause }: ReplicaReason, lost: readonly number[]): boolean {
  if (cause.code === 'DEGRADED_HARDWARE') return true
  return cause.code === 'FOLLOWER_FAILURE' && lost.includes(broker)
}

function judge(
  topic: Topic,
  partition: Partition,
  reasons: readonly ReplicaReason[],
  ward: Ward,
): Kind {
  const { patients, brokers, policy } = ward
  const subject = topicPartitionKey(topic.name, partition.id)
  const list = targetReplicas(partition)
  const inFailedDir = reasons
    .filter(({ cause }) => cause.code === 'DEGRADED_HARDWARE')
    .map(({ broker }) => broker)
  const lost = list.filter((id) => patients.isDead(id) || inFailedDir.includes(id))
  const missing = Math.max(0, (policy.minReplicationFactor ?? 0) - list.length)
  const restarting = reasons.find(({ cause }) => cause.code === 'RESTART_IN_PROGRESS')
  if (restarting !== undefined)
    return { kind: 'waiting', heldBack: { subject, reason: restarting } }
  const faults = reasons.filter(
    ({ cause }) => cause.code !== 'REASSIGNMENT_IN_PROGRESS' && cause.code !== 'NO_LEADER',
  )
  const blocking = faults.find((reason) => !isHealable(reason, lost))
  // A live replica that fell behind a leader which is gone cannot catch up: the loss explains it.
  const isAtRisk = lost.length > 0 && !hasSource(partition, brokers, lost)
  const isHung = blocking?.cause.code === 'FOLLOWER_FAILURE'
  if (isAtRisk && !isHung)
    return { kind: 'deferred', deferred: { subject, reason: describeAtRisk(partition, lost) } }
  const noLeader = reasons.find(({ cause }) => cause.code === 'NO_LEADER')
  const heldBack = blocking ?? noLeader
  if (heldBack !== undefined) return { kind: 'blocked', heldBack: { subject, reason: heldBack } }
  const wanted = lost.length + missing
  if (wanted === 0) return { kind: 'sound' }
  if (isBeingReassigned(partition))
    return { kind: 'deferred', deferred: { subject, reason: describeInFlight(partition, lost) } }
  const reason = lost.length === 0 ? factorLow(list.length) : describeLost(lost, inFailedDir, ward)
  return { kind: 'task', task: { topic, partition, leaving: lost, wanted, reason } }
}

function bySubject(
  reasons: readonly ReplicaReason[],
): ReadonlyMap<string, readonly ReplicaReason[]> {
  const found = new Map<string, ReplicaReason[]>()
  for (const reason of reasons) {
    const own = found.get(reason.subject)
    if (own === undefined) found.set(reason.subject, [reason])
    else own.push(reason)
  }
  return found
}

const NONE: readonly ReplicaReason[] = []

/** Looks at each partition of a sorted snapshot. */
export function findWork(patients: Patients, diagnosis: Diagnosis, policy: HealPolicy): HealWork {
  const { snapshot } = patients
  const brokers = new Map(snapshot.brokers.map((broker) => [broker.id, broker]))
  const reasons = bySubject(diagnosis.reasons)
  const ward: Ward = { diagnosis, patients, brokers, policy }
  const tasks: Task[] = []
  const deferred: Deferred[] = []
  const waiting: HeldBack[] = []
  const blocked: HeldBack[] = []
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const own = reasons.get(topicPartitionKey(topic.name, partition.id)) ?? NONE
      const found = judge(topic, partition, own, ward)
      if (found.kind === 'task') tasks.push(found.task)
      else if (found.kind === 'deferred') deferred.push(found.deferred)
      else if (found.kind === 'waiting') waiting.push(found.heldBack)
      else if (found.kind === 'blocked') blocked.push(found.heldBack)
    }
  }
  return { tasks, deferred, waiting, blocked }
}
