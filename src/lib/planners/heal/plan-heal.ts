import { diagnose } from '../../health/diagnose.js'
import { NEXT_STEPS } from '../../health/reasons/reason.js'
import { groupBy, nameReason, nameSome } from '../../health/wording.js'
import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PartitionStep, PlanDraft } from '../../plan/plan.js'
import { listAfter, listBefore } from '../../plan/step-lists.js'
import { finishDraft } from '../place/finish-draft.js'
import { openLedger, type Ledger } from '../place/ledger.js'
import { recordTargets } from '../place/record-policy.js'
import { rework } from '../place/rework.js'
import { findWork, type HealWork, type HeldBack } from './find-work.js'
import type { HealPolicy } from './heal-policy.js'
import { defaultMaxDead, judgePatients } from './judge-patients.js'
import { findPatients, type Patients } from './patients.js'

const severityFor = (goesOn: boolean): Finding['severity'] => (goesOn ? 'warning' : 'blocker')

/** Partitions that nothing explains, or that something explains which no new place mends: one finding for each cause. */
function tellBlocked(blocked: readonly HeldBack[], goesOn: boolean): readonly Finding[] {
  return [...groupBy(blocked, ({ reason }) => reason.cause)].map(([cause, partitions]) => {
    const subjects = [...new Set(partitions.map(({ subject }) => subject))]
    const n = subjects.length
    const isUnknown = cause.code === 'UNKNOWN'
    const what = isUnknown
      ? 'not explained by a dead broker or a failed log directory'
      : `out of sync for a reason that new places do not mend: ${nameReason(cause.code)}`
    return {
      code: isUnknown ? 'UNEXPLAINED_UNDER_REPLICATION' : cause.code,
      severity: severityFor(goesOn),
      subject: n === 1 ? (subjects[0] ?? '') : `${n} partitions`,
      message: `${n} under-replicated partition${n === 1 ? ' is' : 's are'} ${what} (${cause.text}): ${nameSome(subjects)}`,
      nextSteps: [...NEXT_STEPS[cause.code], 'klinic heal plan --only-confident'],
      partitions: subjects,
    }
  })
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
    treatHungAsDead: policy.treatHungAsDead,
    maxDead: policy.maxDead ?? defaultMaxDead(brokers),
    minDeadForMs: policy.minDeadForMs,
    minReplicationFactor: policy.minReplicationFactor ?? null,
  }
}

const leftAlone = ({ subject, reason: { cause } }: HeldBack): Deferred => ({
  subject,
  reason:
    cause.code === 'UNKNOWN'
      ? { code: 'UNEXPLAINED', text: `out of sync on a live broker; ${cause.text}` }
      : { code: cause.code, text: cause.text },
})

/** Everything that stands in the way, or would be nice to know. */
function findObstacles(
  snapshot: Snapshot,
  patients: Patients,
  work: HealWork,
  policy: HealPolicy,
): readonly Finding[] {
  // With nothing to be confident of, what is not explained is all there is to say.
  const goesOn = policy.onlyConfident && work.tasks.length > 0
  const hung = new Set(patients.hung.map(({ broker }) => broker))
  const byHung = groupBy(work.blocked, ({ reason }) => reason.cause.blamed)
  const partitionsOf = (broker: number): readonly string[] =>
    (byHung.get(broker) ?? []).map(({ subject }) => subject)
  const others = work.blocked.filter(({ reason }) => !hung.has(reason.cause.blamed))
  return [
    ...judgePatients(snapshot, patients, policy, { partitionsOf, goesOn }),
    ...tellBlocked(others, goesOn),
    ...tellAtRisk(work.deferred),
  ]
}

/**
 * Plans a new place for every replica on a dead broker or in a failed log directory, spread by headroom; nothing else
 * moves. All or nothing: refused while anything is unexplained or has no place, unless the policy says otherwise.
 * Partitions without a live in-sync copy are named as data at risk and never planned.
 */
export function planHeal(unsorted: Snapshot, policy: HealPolicy): PlanDraft {
  const snapshot = sortSnapshot(unsorted)
  const diagnosis = diagnose(snapshot, policy)
  const patients = findPatients(snapshot, diagnosis.verdicts, policy)
  const work = findWork(patients, diagnosis, policy)
  const ledger = openLedger(patients.snapshot, policy)
  const { steps, deferred } = rework(ledger, work.tasks, policy)
  const heldBack = policy.onlyConfident ? [...work.blocked, ...work.waiting] : []
  return finishDraft({
    kind: 'heal',
    snapshot,
    policy: record(policy, snapshot.brokers.length),
    steps,
    withoutPlace: deferred,
    deferred: [...work.deferred, ...heldBack.map(leftAlone)],
    findings: [
      ...findObstacles(snapshot, patients, work, policy),
      ...tellSharedRacks(steps, ledger),
    ],
    allowPartial: policy.allowPartial || policy.onlyConfident,
  })
}
