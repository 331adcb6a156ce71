import { isBeingReassigned } from '../../model/partition-state.js'
import type { Partition, Snapshot } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { StopRisk } from '../../planners/roll/min-isr.js'
import { predictStop } from '../../planners/roll/min-isr.js'

/** The rules of the gate, in the order in which a wait is explained. */
export type GateRule =
  | 'EMPTY_ANSWER'
  | 'BROKER_MISSING'
  | 'LEADERLESS'
  | 'UNDER_REPLICATED'
  | 'REASSIGNMENT'
  | 'THROTTLE'
  | 'MIN_ISR'
  | 'LEADER_IMBALANCE'
  | 'CONSUMERS'
  | 'QUORUM'

/** One thing that the gate waits for: which rule, which partition or broker, in words. */
export interface GateWait {
  readonly rule: GateRule
  readonly subject: string
  readonly text: string
}

/** What must be there before the gate can say yes. */
export interface GateExpectation {
  readonly brokers: readonly number[]
  /** Number of topics last known: fewer means an answer that is not the truth (a broker that just started). */
  readonly topics: number
  /** Brokers about to be stopped: their stop must leave every partition writable. Empty for the final gate. */
  readonly nextStop: ReadonlySet<number>
  readonly isrMargin: number
  /** Topics whose partitions may go offline or below min ISR, because a flag said so. */
  readonly accepts: (topic: string) => boolean
  /** Highest share (0 to 1) of preferred leaders that a broker may be missing; null: not judged. */
  readonly maxLeaderImbalance: number | null
  readonly allowReassignments: boolean
  /** Brokers that are not well and are about to restart because of that: what only they can bring back is not waited for. */
  readonly sick?: ReadonlySet<number>
}

/** The verdict over one round of samples. `work` falls while the cluster recovers: it tells progress from a stall. */
export interface GateVerdict {
  readonly healthy: boolean
  readonly waits: readonly GateWait[]
  readonly work: number
}

interface Located {
  readonly topic: string
  readonly partition: Partition
}

const nameOf = ({ topic, partition }: Located): string => topicPartitionKey(topic, partition.id)

function locate(snapshot: Snapshot): readonly Located[] {
  return snapshot.topics.flatMap((topic) =>
    topic.partitions.map((partition) => ({ topic: topic.name, partition })),
  )
}

/** Replicas that should be in sync and are not; those that a reassignment is adding do not count. */
function outOfSync(partition: Partition): readonly number[] {
  const isr = partition.isr ?? partition.replicas
  return partition.replicas.filter(
    (id) => !isr.includes(id) && !(partition.adding ?? []).includes(id),
  )
}

function judgeAnswer(snapshot: Snapshot, expected: GateExpectation): readonly GateWait[] {
  if (snapshot.topics.length >= expected.topics && snapshot.brokers.length > 0) return []
  const text = `the answer names ${snapshot.topics.length} topics where ${expected.topics} were known`
  return [{ rule: 'EMPTY_ANSWER', subject: 'cluster', text }]
}

function judgeBrokers(snapshot: Snapshot, expected: GateExpectation): readonly GateWait[] {
  const alive = new Set(
    snapshot.brokers.filter((broker) => broker.state !== 'dead').map((broker) => broker.id),
  )
  return expected.brokers
    .filter((id) => !alive.has(id) && expected.sick?.has(id) !== true)
    .map((id) => ({ rule: 'BROKER_MISSING', subject: `broker ${id}`, text: 'is not registered' }))
}

/** Nothing but the restart of these brokers can bring the partition back, or make it whole. */
function isWaitingForSick(partition: Partition, sick: ReadonlySet<number> = new Set()): boolean {
  if (sick.size === 0 || isBeingReassigned(partition)) return false
  if (partition.leader === null) return partition.replicas.some((id) => sick.has(id))
  const missing = outOfSync(partition)
  return missing.length > 0 && missing.every((id) => sick.has(id))
}

function judgePartitions(
  located: readonly Located[],
  expected: GateExpectation,
): readonly GateWait[] {
  return located.flatMap((place): readonly GateWait[] => {
    const { partition } = place
    const subject = nameOf(place)
    if (isWaitingForSick(partition, expected.sick)) return []
    if (partition.leader === null) return [{ rule: 'LEADERLESS', subject, text: 'has no leader' }]
    const missing = outOfSync(partition)
    const isr = (partition.isr ?? partition.replicas).join(',')
    const behind: readonly GateWait[] =
      missing.length === 0
        ? []
        : [
            {
              rule: 'UNDER_REPLICATED',
              subject,
              text: `ISR {${isr}}, waiting for broker ${missing.join(', ')}`,
            },
          ]
    if (!isBeingReassigned(partition) || expected.allowReassignments) return behind
    return [...behind, { rule: 'REASSIGNMENT', subject, text: 'is being reassigned' }]
  })
}

function judgeThrottles(snapshot: Snapshot): readonly GateWait[] {
  return (snapshot.throttles ?? [])
    .filter((entry) => entry.resource === 'topic' && entry.value !== '')
    .map((entry) => ({
      rule: 'THROTTLE',
      subject: `topic ${entry.name}`,
      text: `${entry.key}=${entry.value} is left: a restarted follower would need minutes instead of seconds`,
    }))
}

/** Where min ISR is not known, nothing tells what a stop would do: it is never taken for 1. */
function judgeUnread(
  { unread = [] }: Snapshot,
  { nextStop }: GateExpectation,
): readonly GateWait[] {
  if (nextStop.size === 0) return []
  return unread
    .filter(({ part }) => part === 'topic configs')
    .map(({ subject, code }) => ({
      rule: 'MIN_ISR',
      subject,
      text: `does not tell min.insync.replicas (${code})`,
    }))
}

function judgeMinIsr(snapshot: Snapshot, expected: GateExpectation): readonly GateWait[] {
  return predictStop(snapshot, expected.nextStop, expected.isrMargin)
    .filter(
      (risk) =>
        risk.verdict !== 'UNHEALTHY' &&
        !(isForgivable(risk.verdict) && expected.accepts(risk.topic)) &&
        !cannotGetWorse(risk, expected),
    )
    .map((risk) => ({
      rule: 'MIN_ISR',
      subject: topicPartitionKey(risk.topic, risk.partition),
      text: `ISR {${risk.isr.join(',')}} would become {${risk.isrAfter.join(',')}}, min ISR ${risk.minIsr}`,
    }))
}

/** A broker that is sick and in no ISR takes nothing away when it stops. */
function cannotGetWorse({ isr }: StopRisk, { sick, nextStop }: GateExpectation): boolean {
  return sick !== undefined && [...nextStop].every((id) => sick.has(id) && !isr.includes(id))
}

function isForgivable(verdict: string): boolean {
  return verdict === 'OFFLINE' || verdict === 'UNAVOIDABLE'
}

function judgeLeaders(located: readonly Located[], limit: number | null): readonly GateWait[] {
  if (limit === null) return []
  const preferred = new Map<number, { total: number; away: number }>()
  for (const { partition } of located) {
    const first = partition.replicas[0]
    if (first === undefined || partition.leader === null) continue
    const count = preferred.get(first) ?? { total: 0, away: 0 }
    count.total++
    if (partition.leader !== first) count.away++
    preferred.set(first, count)
  }
  return [...preferred]
    .filter(([, count]) => count.away > limit * count.total)
    .toSorted(([a], [b]) => a - b)
    .map(([id, count]) => ({
      rule: 'LEADER_IMBALANCE',
      subject: `broker ${id}`,
      text: `${count.away} of its ${count.total} partitions are led elsewhere`,
    }))
}

function measureWork(located: readonly Located[], waits: readonly GateWait[]): number {
  const behind = located.reduce((sum, { partition }) => sum + outOfSync(partition).length, 0)
  return behind + waits.filter((wait) => wait.rule !== 'UNDER_REPLICATED').length
}

/**
 * Judges one round of samples, each taken from another broker: healthy only when every one of them is. At least two samples
 * are needed, because a single broker repeats what it last heard for as long as a session lasts.
 */
export function judgeGate(samples: readonly Snapshot[], expected: GateExpectation): GateVerdict {
  const verdicts = samples.map((snapshot) => {
    const located = locate(snapshot)
    const waits = [
      ...judgeAnswer(snapshot, expected),
      ...judgeBrokers(snapshot, expected),
      ...judgePartitions(located, expected),
      ...judgeThrottles(snapshot),
      ...judgeUnread(snapshot, expected),
      ...judgeMinIsr(snapshot, expected),
      ...judgeLeaders(located, expected.maxLeaderImbalance),
    ]
    return { waits, work: measureWork(located, waits) }
  })
  const needed = Math.min(2, expected.brokers.length)
  const few: readonly GateWait[] =
    samples.length >= needed
      ? []
      : [
          {
            rule: 'EMPTY_ANSWER',
            subject: 'cluster',
            text: `${samples.length} brokers answered, ${needed} are needed`,
          },
        ]
  const worst = verdicts.toSorted((a, b) => b.work - a.work)[0]
  const waits = [...few, ...(worst?.waits ?? [])]
  return { healthy: waits.length === 0, waits, work: (worst?.work ?? 0) + few.length }
}

/** One line for people: the first thing waited for, and how many more there are. */
export function explainWait(verdict: GateVerdict): string {
  const first = verdict.waits[0]
  if (first === undefined) return 'healthy'
  const more = verdict.waits.length - 1
  return `${first.subject} ${first.text} (${first.rule})${more > 0 ? `, and ${more} more` : ''}`
}
