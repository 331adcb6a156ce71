import { inSyncReplicas, isBeingReassigned } from '../../model/partition-state.js'
import { indexBrokers } from '../../model/find-partition.js'
import type { Broker, Partition, Snapshot, Topic } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, LeaderStep, PlanDraft, Reason } from '../../plan/plan.js'
import { IN_FLIGHT } from '../place/at-risk.js'
import { finishDraft } from '../place/finish-draft.js'
import { evenLeaders } from './even-leaders.js'

/** What `leader plan` is asked for. */
export interface LeaderPolicy {
  /** `preferred`: leadership back to the first replica; `even`: an equal number of leaders each, by the fewest changes. */
  readonly goal: 'preferred' | 'even'
  /** Topics that match are left alone. */
  readonly excludeTopics?: RegExp
}

interface Candidate {
  readonly topic: Topic
  readonly partition: Partition
  readonly subject: string
}

interface Found {
  readonly steps: readonly LeaderStep[]
  readonly deferred: readonly Deferred[]
}

const leaderStep = ({ topic, partition }: Candidate, to: number, reason: Reason): LeaderStep => ({
  id: 0,
  type: 'leader',
  topic: topic.name,
  ...(topic.topicId === undefined ? {} : { topicId: topic.topicId }),
  partition: partition.id,
  replicas: partition.replicas,
  from: partition.leader,
  to,
  bytesToMove: 0,
  reason,
})

const isAlive = (brokers: ReadonlyMap<number, Broker>, id: number): boolean =>
  brokers.get(id)?.state === 'alive'

/** A dead or draining preferred leader is not wanted back; one that is out of sync is, but not yet. */
function wantPreferred(
  candidates: readonly Candidate[],
  brokers: ReadonlyMap<number, Broker>,
): Found {
  const steps: LeaderStep[] = []
  const deferred: Deferred[] = []
  for (const candidate of candidates) {
    const { partition, subject } = candidate
    const preferred = partition.replicas[0]
    if (preferred === undefined || partition.leader === preferred) continue
    if (!isAlive(brokers, preferred)) continue
    if (isBeingReassigned(partition)) deferred.push({ subject, reason: IN_FLIGHT })
    else if (!inSyncReplicas(partition, brokers).includes(preferred)) {
      const text = `its preferred leader, broker ${preferred}, is not in sync`
      deferred.push({ subject, reason: { code: 'PREFERRED_NOT_IN_SYNC', text } })
    } else {
      const now = partition.leader === null ? 'nobody' : `broker ${partition.leader}`
      const text = `led by ${now}, its preferred leader is broker ${preferred}`
      steps.push(leaderStep(candidate, preferred, { code: 'NOT_PREFERRED', text }))
    }
  }
  return { steps, deferred }
}

function wantEven(candidates: readonly Candidate[], brokers: ReadonlyMap<number, Broker>): Found {
  const living = [...brokers.keys()].filter((id) => isAlive(brokers, id))
  const movable = candidates.flatMap((candidate) => {
    const { partition } = candidate
    if (partition.leader === null) return []
    const isr = inSyncReplicas(partition, brokers)
    const others = partition.replicas.filter((id) => id !== partition.leader)
    const followers = isBeingReassigned(partition)
      ? []
      : others.filter((id) => isAlive(brokers, id) && isr.includes(id))
    return [{ candidate, leader: partition.leader, followers }]
  })
  const leaders = evenLeaders(movable, living)
  const before = new Map<number, number>()
  for (const { leader } of movable) before.set(leader, (before.get(leader) ?? 0) + 1)
  const mean = (movable.length / Math.max(1, living.length)).toFixed(1)
  const steps = movable.flatMap(({ candidate, leader }, index) => {
    const to = leaders[index] ?? leader
    if (to === leader) return []
    const text = `broker ${leader} leads ${before.get(leader) ?? 0} and broker ${to} ${before.get(to) ?? 0}, the mean is ${mean}`
    return [leaderStep(candidate, to, { code: 'LEADERS_UNEVEN', text })]
  })
  return { steps, deferred: [] }
}

/** Plans elections only: no data moves. Partitions in flight are left alone. */
export function planLeader(unsorted: Snapshot, policy: LeaderPolicy): PlanDraft {
  const snapshot = sortSnapshot(unsorted)
  const brokers = indexBrokers(snapshot)
  const { goal, excludeTopics } = policy
  const candidates = snapshot.topics
    .filter(({ name }) => excludeTopics?.test(name) !== true)
    .flatMap((topic) =>
      topic.partitions.map((partition) => ({
        topic,
        partition,
        subject: topicPartitionKey(topic.name, partition.id),
      })),
    )
  const want = goal === 'preferred' ? wantPreferred : wantEven
  const { steps, deferred } = want(candidates, brokers)
  return finishDraft({
    kind: 'leader',
    snapshot,
    policy: { goal, excludeTopics: excludeTopics?.source ?? null },
    steps: steps.map((step, index) => ({ ...step, id: index + 1 })),
    withoutPlace: [],
    deferred,
    findings: [],
    allowPartial: true,
  })
}
