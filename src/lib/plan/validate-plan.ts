import type { Finding, Severity } from '../model/finding.js'
import { indexBrokers, indexPartitions, type LocatedPartition } from '../model/find-partition.js'
import { inSyncReplicas, isBeingReassigned } from '../model/partition-state.js'
import type { Broker, Snapshot } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import { fingerprintOfSteps, idOfContent } from './assemble-plan.js'
import type { PartitionStep, Plan } from './plan.js'
import { listAfter, listBefore, newReplicas, sameList, stepsOf } from './step-lists.js'

const PLAN_AGAIN = 'Make the plan again from the cluster as it is now.'

const NEXT_STEPS: Readonly<Record<string, string | undefined>> = {
  IN_FLIGHT: 'Wait until it has finished: klinic reassign status',
  NO_LIVE_SOURCE: 'Bring back one of its in-sync brokers first.',
  OTHER_CLUSTER: 'Check --cluster or --bootstrap-server.',
  PLAN_EDITED:
    'Review the steps; then execute it with --accept-edits, or with the --plan-sha256 that was reviewed.',
}

function finding(code: string, severity: Severity, subject: string, message: string): Finding {
  return { code, severity, subject, message, nextSteps: [NEXT_STEPS[code] ?? PLAN_AGAIN] }
}

const brackets = (list: readonly number[]): string => `[${list.join(' ')}]`

interface View {
  readonly brokers: ReadonlyMap<number, Broker>
  readonly partitions: ReadonlyMap<string, LocatedPartition>
  readonly topics: ReadonlySet<string>
}

function checkIdentity(step: PartitionStep, subject: string, view: View): Finding | null {
  const located = view.partitions.get(subject)
  if (located === undefined) {
    return view.topics.has(step.topic)
      ? finding('PARTITION_GONE', 'blocker', subject, `there is no partition ${subject} any more`)
      : finding('TOPIC_GONE', 'blocker', subject, `there is no topic ${step.topic} any more`)
  }
  const { topicId } = located.topic
  if (step.topicId !== undefined && topicId !== undefined && step.topicId !== topicId) {
    const text = `topic ${step.topic} was deleted and created again (its id was ${step.topicId}, now ${topicId})`
    return finding('TOPIC_RECREATED', 'blocker', subject, text)
  }
  return null
}

function checkLists(steps: readonly PartitionStep[], located: LocatedPartition): Finding | null {
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return null
  const subject = topicPartitionKey(first.topic, first.partition)
  const { replicas } = located.partition
  if (isBeingReassigned(located.partition)) {
    const text = `${subject} is being reassigned (now ${brackets(replicas)})`
    return finding('IN_FLIGHT', 'blocker', subject, text)
  }
  if (sameList(replicas, listBefore(first))) return null
  if (sameList(replicas, listAfter(last))) {
    return finding('ALREADY_DONE', 'info', subject, `${subject} has the planned replicas already`)
  }
  const text = `the replicas of ${subject} are ${brackets(replicas)}, the plan expects ${brackets(listBefore(first))}`
  return finding('REPLICAS_CHANGED', 'blocker', subject, text)
}

function checkSource(
  steps: readonly PartitionStep[],
  subject: string,
  located: LocatedPartition,
  view: View,
): Finding | null {
  if (steps.every((step) => newReplicas(step).length === 0)) return null
  const isr = inSyncReplicas(located.partition, view.brokers)
  const living = isr.some((id) => (view.brokers.get(id)?.state ?? 'dead') !== 'dead')
  if (living && located.partition.leader !== null) return null
  const text = `${subject} has no leader among live in-sync replicas: a new replica would have nothing to copy from (in sync: ${isr.join(', ') || 'none known'})`
  return finding('NO_LIVE_SOURCE', 'blocker', subject, text)
}

function checkPartition(steps: readonly PartitionStep[], view: View): readonly Finding[] {
  const first = steps[0]
  if (first === undefined) return []
  const subject = topicPartitionKey(first.topic, first.partition)
  const identity = checkIdentity(first, subject, view)
  const located = view.partitions.get(subject)
  if (identity !== null || located === undefined) return identity === null ? [] : [identity]
  const drift = checkLists(steps, located)
  if (drift?.code === 'ALREADY_DONE') return [drift]
  return [drift, checkSource(steps, subject, located, view)].filter((found) => found !== null)
}

function checkTargets(plan: Plan, view: View): readonly Finding[] {
  const gained = new Map<number, number>()
  for (const step of stepsOf(plan)) {
    for (const id of newReplicas(step)) gained.set(id, (gained.get(id) ?? 0) + 1)
    if (step.type === 'leader') gained.set(step.to, gained.get(step.to) ?? 0)
  }
  return [...gained]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([id, replicas]) => {
      const state = view.brokers.get(id)?.state
      const what = replicas === 0 ? 'leadership' : `${replicas} new replicas`
      if (state === 'alive') return []
      if (state === 'draining') {
        const text = `broker ${id} is draining and is to get ${what}`
        return [finding('TARGET_DRAINING', 'warning', `broker ${id}`, text)]
      }
      const why = state === undefined ? 'unknown to this cluster' : 'dead'
      const text = `broker ${id} is ${why} and is to get ${what}`
      return [finding('TARGET_NOT_ALIVE', 'blocker', `broker ${id}`, text)]
    })
}

function checkRestarts(plan: Plan, view: View): readonly Finding[] {
  return plan.steps.flatMap((step) => {
    if (step.type !== 'restart') return []
    const subject = `broker ${step.broker}`
    const state = view.brokers.get(step.broker)?.state
    if (state === undefined) {
      return [finding('BROKER_GONE', 'blocker', subject, `there is no ${subject} any more`)]
    }
    if (state !== 'dead') return []
    return [
      finding('BROKER_DEAD', 'warning', subject, `${subject} is dead now: a restart starts it`),
    ]
  })
}

function checkOwnSeal(plan: Plan): readonly Finding[] {
  const { id, ...content } = plan
  const isWhole =
    idOfContent(content) === id &&
    fingerprintOfSteps(plan.cluster.id, plan.steps) === plan.cluster.fingerprint
  if (isWhole) return []
  const text = `the content of ${id} does not match its id or fingerprint: it was edited after it was made`
  return [finding('PLAN_EDITED', 'blocker', `plan ${id}`, text)]
}

function groupByPartition(plan: Plan): ReadonlyMap<string, readonly PartitionStep[]> {
  const groups = new Map<string, PartitionStep[]>()
  for (const step of stepsOf(plan)) {
    const key = topicPartitionKey(step.topic, step.partition)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [step])
    else group.push(step)
  }
  return groups
}

/**
 * What stands between a plan and this state of the cluster: blockers where it must not be executed (each names what
 * changed), warnings for the rest. An empty list means that it fits. Another cluster ends the check at once.
 */
export function validatePlan(plan: Plan, snapshot: Snapshot): readonly Finding[] {
  if (plan.cluster.id !== snapshot.cluster.id) {
    const text = `the plan is for cluster ${plan.cluster.id}, this is cluster ${snapshot.cluster.id}`
    return [finding('OTHER_CLUSTER', 'blocker', `plan ${plan.id}`, text)]
  }
  const groups = groupByPartition(plan)
  const view: View = {
    brokers: indexBrokers(snapshot),
    partitions: indexPartitions(snapshot, new Set(groups.keys())),
    topics: new Set(snapshot.topics.map((topic) => topic.name)),
  }
  return [
    ...checkRestarts(plan, view),
    ...checkTargets(plan, view),
    ...[...groups.values()].flatMap((steps) => checkPartition(steps, view)),
    ...checkOwnSeal(plan),
  ]
}
