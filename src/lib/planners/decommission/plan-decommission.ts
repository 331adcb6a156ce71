import { targetReplicas } from '../../model/broker-load.js'
import { indexBrokers } from '../../model/find-partition.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type { Snapshot } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PlanDraft } from '../../plan/plan.js'
import { describeAtRisk, hasSource, IN_FLIGHT } from '../place/at-risk.js'
import { finishDraft } from '../place/finish-draft.js'
import { openLedger, type CapacityPolicy } from '../place/ledger.js'
import type { TargetPolicy } from '../place/pick-target.js'
import { recordTargets } from '../place/record-policy.js'
import { rework, type Task } from '../place/rework.js'
import { findStrangers } from '../place/find-strangers.js'
import { setDraining } from '../place/set-draining.js'

/** What `decommission plan` is asked for. */
export interface DecommissionPolicy extends CapacityPolicy, TargetPolicy {
  /** The brokers that are to hold nothing. */
  readonly brokers: readonly number[]
  readonly allowPartial: boolean
}

function findWork(snapshot: Snapshot, leavingBrokers: ReadonlySet<number>) {
  const brokers = indexBrokers(snapshot)
  const tasks: Task[] = []
  const deferred: Deferred[] = []
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const leaving = targetReplicas(partition).filter((id) => leavingBrokers.has(id))
      if (leaving.length === 0) continue
      const subject = topicPartitionKey(topic.name, partition.id)
      if (isBeingReassigned(partition)) deferred.push({ subject, reason: IN_FLIGHT })
      else if (!hasSource(partition, brokers)) {
        deferred.push({ subject, reason: describeAtRisk(partition, leaving) })
      } else {
        const which = leaving.length === 1 ? 'broker' : 'brokers'
        const text = `${which} ${leaving.join(' and ')} ${leaving.length === 1 ? 'is' : 'are'} to hold nothing`
        const reason = { code: 'DECOMMISSION', text }
        tasks.push({ topic, partition, leaving, wanted: leaving.length, reason })
      }
    }
  }
  return { tasks, deferred }
}

/**
 * Plans a new place for every replica on the brokers named, spread by headroom over the others; nothing else moves.
 * Refused when one replica has no place, unless the policy allows a partial plan.
 */
export function planDecommission(unsorted: Snapshot, policy: DecommissionPolicy): PlanDraft {
  const snapshot = setDraining(sortSnapshot(unsorted), policy.brokers)
  const { tasks, deferred } = findWork(snapshot, new Set(policy.brokers))
  const found = rework(openLedger(snapshot, policy), tasks, policy)
  return finishDraft({
    kind: 'decommission',
    snapshot,
    policy: {
      brokers: policy.brokers.toSorted((a, b) => a - b),
      ...recordTargets(policy),
      allowPartial: policy.allowPartial,
    },
    steps: found.steps,
    withoutPlace: found.deferred,
    deferred,
    findings: findStrangers(snapshot.brokers, policy.brokers),
    allowPartial: policy.allowPartial,
  })
}
