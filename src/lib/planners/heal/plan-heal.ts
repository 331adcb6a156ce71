import type { Finding } from '../../model/finding.js'
import { indexBrokers } from '../../model/find-partition.js'
import type { Broker, Snapshot } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PartitionStep, PlanDraft } from '../../plan/plan.js'
import { listAfter, listBefore } from '../../plan/step-lists.js'
import { finishDraft } from '../place/finish-draft.js'
import { openLedger, type Ledger } from '../place/ledger.js'
import { recordTargets } from '../place/record-policy.js'
import { rework } from '../place/rework.js'
import { defaultMaxDead, judgeDead } from './judge-dead.js'
import { findWork, type HealWork } from './find-work.js'
import type { HealPolicy } from './heal-policy.js'

const NAMED = 3

function nameSome(subjects: readonly string[]): string {
  const more = subjects.length > NAMED ? ` and ${subjects.length - NAMED} more` : ''
  return subjects.slice(0, NAMED).join(', ') + more
}

function findDead(snapshot: Snapshot): readonly Broker[] {
  const used = new Set(
    snapshot.topics.flatMap((topic) => topic.partitions.flatMap(({ replicas }) => replicas)),
  )
  return snapshot.brokers.filter(({ id, state }) => state === 'dead' && used.has(id))
}

function tellUnexplained(work: HealWork, policy: HealPolicy): readonly Finding[] {
  const { unexplained } = work
  if (unexplained.length === 0) return []
  const n = unexplained.length
  return [
    {
      code: 'UNEXPLAINED_UNDER_REPLICATION',
      severity: policy.onlyConfident ? 'warning' : 'blocker',
      subject: n === 1 ? (unexplained[0] ?? '') : `${n} partitions`,
      message: `${n} under-replicated partition${n === 1 ? ' is' : 's are'} not explained by a dead broker or a failed log directory: ${nameSome(unexplained)}`,
      nextSteps: ['klinic cluster check --full', 'klinic heal plan --only-confident'],
      partitions: unexplained,
    },
  ]
}

const AT_RISK = new Set(['ONLY_COPY_LOST', 'NO_LIVE_IN_SYNC_REPLICA'])

function tellAtRisk(deferred: readonly Deferred[]): readonly Finding[] {
  const lost = deferred
    .filter(({ reason }) => AT_RISK.has(reason.code))
    .map(({ subject }) => subject)
  if (lost.length === 0) return []
  return [
    {
      code: 'DATA_AT_RISK',
      severity: 'warning',
      subject: lost.length === 1 ? (lost[0] ?? '') : `${lost.length} partitions`,
      message: `${lost.length} partition${lost.length === 1 ? ' has' : 's have'} no live in-sync copy to heal from: ${nameSome(lost)}`,
      nextSteps: ['Bring their brokers back: no plan can restore this data.'],
      partitions: lost,
    },
  ]
}

/** Partitions that are whole again, but on fewer racks than they had: no live broker is left in the lost one. */
function tellSharedRacks(steps: readonly PartitionStep[], ledger: Ledger): readonly Finding[] {
  const racks = (list: readonly number[]): number => new Set(list.map(ledger.rackOf)).size
  const shared = steps
    .filter(
      (step) => racks(listAfter(step)) < Math.min(racks(listBefore(step)), listAfter(step).length),
    )
    .map((step) => topicPartitionKey(step.topic, step.partition))
  if (shared.length === 0) return []
  const n = shared.length
  return [
    {
      code: 'RACKS_SHARED',
      severity: 'warning',
      subject: n === 1 ? (shared[0] ?? '') : `${n} partitions`,
      message: `${n} partition${n === 1 ? '' : 's'} will stand on fewer racks than before, because no broker in the lost rack can take them: ${nameSome(shared)}`,
      nextSteps: ['klinic rack plan, once the rack is back'],
      partitions: shared,
    },
  ]
}

function record(policy: HealPolicy, brokers: number): PlanDraft['policy'] {
  return {
    ...recordTargets(policy),
    onlyConfident: policy.onlyConfident,
    allowPartial: policy.allowPartial,
    maxDead: policy.maxDead ?? defaultMaxDead(brokers),
    minDeadForMs: policy.minDeadForMs,
    minReplicationFactor: policy.minReplicationFactor ?? null,
  }
}

/**
 * Plans a new place for every replica on a dead broker or in a failed log directory, spread by headroom; nothing else
 * moves. All or nothing: refused while anything is unexplained or has no place, unless the policy says otherwise.
 * Partitions without a live in-sync copy are named as data at risk and never planned.
 */
export function planHeal(unsorted: Snapshot, policy: HealPolicy): PlanDraft {
  const snapshot = sortSnapshot(unsorted)
  const work = findWork(snapshot, indexBrokers(snapshot), policy)
  const findings = [
    ...judgeDead(snapshot, findDead(snapshot), policy),
    ...tellUnexplained(work, policy),
    ...tellAtRisk(work.deferred),
  ]
  const ledger = openLedger(snapshot, policy)
  const { steps, deferred } = rework(ledger, work.tasks, policy)
  return finishDraft({
    kind: 'heal',
    snapshot,
    policy: record(policy, snapshot.brokers.length),
    steps,
    withoutPlace: deferred,
    deferred: [...work.deferred, ...unexplainedLeft(work, policy)],
    findings: [...findings, ...tellSharedRacks(steps, ledger)],
    allowPartial: policy.allowPartial || policy.onlyConfident,
  })
}

function unexplainedLeft(work: HealWork, policy: HealPolicy): readonly Deferred[] {
  if (!policy.onlyConfident) return []
  const text = 'out of sync on a live broker, for a reason that is not known'
  return work.unexplained.map((subject) => ({ subject, reason: { code: 'UNEXPLAINED', text } }))
}
