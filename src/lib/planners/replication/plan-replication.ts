import { targetReplicas } from '../../model/broker-load.js'
import type { Finding } from '../../model/finding.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type { Snapshot, Topic } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PlanDraft } from '../../plan/plan.js'
import { suggest } from '../../units/suggest.js'
import { describeAtRisk, hasSource, IN_FLIGHT } from '../place/at-risk.js'
import { finishDraft } from '../place/finish-draft.js'
import { openLedger, type CapacityPolicy, type Ledger } from '../place/ledger.js'
import type { TargetPolicy } from '../place/pick-target.js'
import { recordTargets } from '../place/record-policy.js'
import { rework, type Task } from '../place/rework.js'
import { chooseDropped } from './choose-dropped.js'

/** What `replication plan` is asked for. */
export interface ReplicationPolicy extends CapacityPolicy, TargetPolicy {
  /** Names of the topics. */
  readonly topics: readonly string[]
  readonly factor: number
  readonly allowPartial: boolean
  /** Accept fewer replicas than `min.insync.replicas`: producers with acks=all will fail. */
  readonly allowBelowMinIsr: boolean
}

function findUnknown(snapshot: Snapshot, names: readonly string[]): readonly Finding[] {
  const known = snapshot.topics.map(({ name }) => name)
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = suggest(name, known)
      return {
        code: 'UNKNOWN_TOPIC',
        severity: 'blocker',
        subject: name,
        message: `there is no topic ${name}${near === null ? '' : `, did you mean ${near}?`}`,
        nextSteps: [],
      }
    })
}

function checkMinIsr(topics: readonly Topic[], policy: ReplicationPolicy): readonly Finding[] {
  return topics.flatMap((topic): readonly Finding[] => {
    const least = topic.minInsyncReplicas
    if (least === undefined || policy.factor > least) return []
    const isBelow = policy.factor < least
    const what = isBelow
      ? 'producers with acks=all would fail'
      : 'losing any one replica would stop producers with acks=all'
    return [
      {
        code: isBelow ? 'FACTOR_BELOW_MIN_ISR' : 'FACTOR_EQUALS_MIN_ISR',
        severity: isBelow && !policy.allowBelowMinIsr ? 'blocker' : 'warning',
        subject: topic.name,
        message: `${topic.name} has min.insync.replicas ${least}: with ${policy.factor} replicas ${what}`,
        nextSteps: isBelow ? ['Lower min.insync.replicas first, or say --ignore-min-isr.'] : [],
      },
    ]
  })
}

function findWork(ledger: Ledger, topics: readonly Topic[], factor: number) {
  const tasks: Task[] = []
  const deferred: Deferred[] = []
  for (const topic of topics) {
    for (const partition of topic.partitions) {
      const list = targetReplicas(partition)
      if (list.length === factor) continue
      const subject = topicPartitionKey(topic.name, partition.id)
      const lost = list.filter((id) => (ledger.brokers.get(id)?.state ?? 'dead') === 'dead')
      if (isBeingReassigned(partition)) deferred.push({ subject, reason: IN_FLIGHT })
      else if (!hasSource(partition, ledger.brokers)) {
        deferred.push({ subject, reason: describeAtRisk(partition, lost) })
      } else {
        const leaving = chooseDropped(ledger, partition, list, Math.max(0, list.length - factor))
        const wanted = Math.max(0, factor - list.length)
        const text = `it has ${list.length} replicas, ${factor} are wanted`
        const reason = { code: 'REPLICATION_FACTOR', text }
        tasks.push({ topic, partition, leaving, wanted, reason })
      }
    }
  }
  return { tasks, deferred }
}

/**
 * Plans more or fewer replicas for the topics named: new ones on racks that hold none and brokers with headroom; those
 * that go are dead, out of sync or share a rack before others, and never the leader while another will do.
 */
export function planReplication(unsorted: Snapshot, policy: ReplicationPolicy): PlanDraft {
  const snapshot = sortSnapshot(unsorted)
  const topics = snapshot.topics.filter(({ name }) => policy.topics.includes(name))
  const ledger = openLedger(snapshot, policy)
  const { tasks, deferred } = findWork(ledger, topics, policy.factor)
  const found = rework(ledger, tasks, policy)
  const changed = topics.filter((topic) => tasks.some((task) => task.topic === topic))
  return finishDraft({
    kind: 'replication',
    snapshot,
    policy: {
      topics: policy.topics.toSorted(),
      factor: policy.factor,
      ...recordTargets(policy),
      allowPartial: policy.allowPartial,
      allowBelowMinIsr: policy.allowBelowMinIsr,
    },
    steps: found.steps,
    withoutPlace: found.deferred,
    deferred,
    findings: [...findUnknown(snapshot, policy.topics), ...checkMinIsr(changed, policy)],
    allowPartial: policy.allowPartial,
  })
}
