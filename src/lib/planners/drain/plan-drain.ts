import { targetLeader, targetReplicas } from '../../model/broker-load.js'
import { inSyncReplicas, isBeingReassigned } from '../../model/partition-state.js'
import type { Partition, Snapshot, Topic } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PartitionStep, PlanDraft } from '../../plan/plan.js'
import { formatBytesPerSec } from '../../units/format-quantity.js'
import { IN_FLIGHT } from '../place/at-risk.js'
import { finishDraft } from '../place/finish-draft.js'
import {
  bookLeader,
  ledBytes,
  openLedger,
  roomOf,
  useWith,
  type CapacityPolicy,
  type Ledger,
} from '../place/ledger.js'
import { makeStep } from '../place/make-step.js'
import { findStrangers } from '../place/find-strangers.js'
import { setDraining } from '../place/set-draining.js'

/** What `drain plan` is asked for. */
export interface DrainPolicy extends CapacityPolicy {
  /** The brokers that are to lead nothing. */
  readonly brokers: readonly number[]
  readonly ignoreCapacity: boolean
  readonly allowPartial: boolean
}

interface Led {
  readonly topic: Topic
  readonly partition: Partition
  readonly list: readonly number[]
  readonly subject: string
  readonly led: number
}

function findLed(snapshot: Snapshot, drained: ReadonlySet<number>): readonly Led[] {
  return snapshot.topics.flatMap((topic) =>
    topic.partitions.flatMap((partition) => {
      const list = targetReplicas(partition)
      const leader = targetLeader(partition, list)
      const concerned = [list[0], leader].some((id) => typeof id === 'number' && drained.has(id))
      if (!concerned) return []
      const subject = topicPartitionKey(topic.name, partition.id)
      return [{ topic, partition, list, subject, led: ledBytes(partition, list.length) }]
    }),
  )
}

function chooseLeader(ledger: Ledger, item: Led, policy: DrainPolicy): number | Deferred {
  const { partition, list, subject, led } = item
  const isr = inSyncReplicas(partition, ledger.brokers)
  const followers = list.filter(
    (id) => ledger.brokers.get(id)?.state === 'alive' && isr.includes(id),
  )
  if (followers.length === 0) {
    const text =
      list.length === 1
        ? 'it has one replica only: leadership cannot go anywhere without moving data'
        : 'no follower on another live broker is in sync'
    const code = list.length === 1 ? 'ONLY_REPLICA' : 'NO_IN_SYNC_FOLLOWER'
    return { subject, reason: { code, text }, override: '--allow-partial' }
  }
  const fitting = policy.ignoreCapacity
    ? followers
    : followers.filter((id) => roomOf(ledger, id, 'out') >= led || led === 0)
  const [first, ...others] = fitting
  if (first === undefined) {
    const text = `none of ${followers.length} in-sync followers has room for ${formatBytesPerSec(led)} more out`
    return { subject, reason: { code: 'NO_ROOM_OUT', text }, override: '--ignore-capacity' }
  }
  const use = (id: number): number => useWith(ledger, id, 'out', led)
  return others.reduce((best, id) => (use(id) < use(best) - 1e-12 ? id : best), first)
}

function drainOne(
  ledger: Ledger,
  item: Led,
  policy: DrainPolicy,
  drained: ReadonlySet<number>,
): PartitionStep | Deferred | null {
  const { topic, partition, list, subject, led } = item
  if (isBeingReassigned(partition)) return { subject, reason: IN_FLIGHT }
  const leader = targetLeader(partition, list)
  const staying = leader !== null && !drained.has(leader) ? leader : null
  const chosen = staying ?? chooseLeader(ledger, item, policy)
  if (typeof chosen !== 'number') return chosen
  if (leader !== null) bookLeader(ledger, leader, led, -1)
  bookLeader(ledger, chosen, led, 1)
  const others = list.filter((id) => id !== chosen)
  const to = [
    chosen,
    ...others.filter((id) => !drained.has(id)),
    ...others.filter((id) => drained.has(id)),
  ]
  const from = list.find((id) => drained.has(id)) ?? chosen
  const reason = { code: 'DRAIN', text: `broker ${from} is to lead nothing` }
  return makeStep({ id: 0, topic, partition, from: list, to, reason })
}

const isDeferred = (item: PartitionStep | Deferred): item is Deferred => 'subject' in item

/**
 * Plans leadership away from the brokers named, each to the in-sync follower whose out stays lowest; no data moves. The
 * drained brokers end up last in the lists, so that no preferred election brings leadership back.
 */
export function planDrain(unsorted: Snapshot, policy: DrainPolicy): PlanDraft {
  const snapshot = setDraining(sortSnapshot(unsorted), policy.brokers)
  const drained = new Set(policy.brokers)
  const ledger = openLedger(snapshot, policy)
  const work = findLed(snapshot, drained)
  const results = new Map<string, PartitionStep | Deferred | null>()
  for (const item of work.toSorted((a, b) => b.led - a.led || (a.subject < b.subject ? -1 : 1))) {
    results.set(item.subject, drainOne(ledger, item, policy, drained))
  }
  const inOrder = work.map(({ subject }) => results.get(subject) ?? null).filter((x) => x !== null)
  const left = inOrder.filter(isDeferred)
  const steps = inOrder.filter((item): item is PartitionStep => !isDeferred(item))
  return finishDraft({
    kind: 'drain',
    snapshot,
    policy: {
      brokers: policy.brokers.toSorted((a, b) => a - b),
      limit: policy.limit,
      ignoreCapacity: policy.ignoreCapacity,
      allowPartial: policy.allowPartial,
    },
    steps: steps.map((step, index) => ({ ...step, id: index + 1 })),
    withoutPlace: left.filter(({ override }) => override !== undefined),
    deferred: left.filter(({ override }) => override === undefined),
    findings: findStrangers(snapshot.brokers, policy.brokers),
    allowPartial: policy.allowPartial,
  })
}
