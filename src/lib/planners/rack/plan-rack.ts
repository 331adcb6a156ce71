import { targetReplicas } from '../../model/broker-load.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type { Partition, Snapshot } from '../../model/snapshot.js'
import { sortSnapshot } from '../../model/sort-snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PlanDraft, Reason } from '../../plan/plan.js'
import { describeAtRisk, hasSource, IN_FLIGHT } from '../place/at-risk.js'
import { finishDraft } from '../place/finish-draft.js'
import { openLedger, useWith, type CapacityPolicy, type Ledger } from '../place/ledger.js'
import type { TargetPolicy } from '../place/pick-target.js'
import { recordTargets } from '../place/record-policy.js'
import { rework, type Task } from '../place/rework.js'

/** What `rack plan` is asked for. */
export interface RackPlanPolicy extends CapacityPolicy, TargetPolicy {
  /** Topics that match are left alone. */
  readonly excludeTopics?: RegExp
  readonly allowPartial: boolean
}

/** How many replicas one rack may hold; with `spread` only the number of racks counts. */
function mostInRack(factor: number, racks: number, policy: RackPlanPolicy): number {
  if (policy.rackPolicy === 'strict') return 1
  return policy.rackPolicy === 'even' ? Math.ceil(factor / Math.max(1, racks)) : factor
}

function countRacks(
  ledger: Ledger,
  list: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const racks = new Map<string, number[]>()
  for (const id of list) {
    const rack = ledger.rackOf(id)
    const members = racks.get(rack)
    if (members === undefined) racks.set(rack, [id])
    else members.push(id)
  }
  return racks
}

const crowding = (ledger: Ledger, id: number): number =>
  Math.max(useWith(ledger, id, 'in', 0), useWith(ledger, id, 'disk', 0))

/**
 * The replicas that must go elsewhere: of each rack those beyond what it may hold, and as many as racks are missing. The
 * leader and the preferred one stay while another will do, then those on the emptiest brokers.
 */
function findSurplus(
  ledger: Ledger,
  partition: Partition,
  list: readonly number[],
  wanted: { readonly racks: number; readonly most: number },
): readonly number[] {
  const racks = countRacks(ledger, list)
  const spare = [...racks.values()].flatMap((members) => {
    const leastWanted = members.toSorted((a, b) => {
      const stays = (id: number): number =>
        (id === partition.leader ? 2 : 0) + (id === list[0] ? 1 : 0)
      return stays(b) - stays(a) || crowding(ledger, a) - crowding(ledger, b) || a - b
    })
    return leastWanted.slice(1).map((id, index) => ({ id, must: index + 1 >= wanted.most }))
  })
  const missing = Math.max(0, wanted.racks - racks.size)
  const must = spare.filter((item) => item.must)
  const more = spare.filter((item) => !item.must).slice(0, Math.max(0, missing - must.length))
  return [...must, ...more].map(({ id }) => id)
}

function makeTask(
  ledger: Ledger,
  racksThere: number,
  policy: RackPlanPolicy,
  at: Pick<Task, 'topic' | 'partition'>,
): Task | null {
  const list = targetReplicas(at.partition)
  const wantedRacks = Math.min(list.length, racksThere)
  const most = mostInRack(list.length, racksThere, policy)
  const leaving = findSurplus(ledger, at.partition, list, { racks: wantedRacks, most })
  if (leaving.length === 0) return null
  const before = countRacks(ledger, list).size
  const text = `${list.length} replicas stand in ${before} of ${racksThere} racks`
  const accept = (to: readonly number[]): Reason | null => {
    const after = countRacks(ledger, to)
    const fullest = Math.max(...[...after.values()].map((members) => members.length))
    if (after.size >= wantedRacks && fullest <= most) return null
    const why = `its replicas would stand in ${after.size} racks, up to ${fullest} in one: no broker in another rack has room`
    return { code: 'RACK_FULL', text: why }
  }
  const gain = `spreads over ${wantedRacks} racks`
  const reason = { code: 'RACK_VIOLATION', text }
  return { ...at, leaving, wanted: leaving.length, reason, gain, accept }
}

/** Plans moves for partitions whose racks could be spread better by the rack policy; nothing else moves. */
export function planRack(unsorted: Snapshot, policy: RackPlanPolicy): PlanDraft {
  const snapshot = sortSnapshot(unsorted)
  const ledger = openLedger(snapshot, policy)
  const living = snapshot.brokers.filter(({ state }) => state === 'alive')
  const racksThere = new Set(living.map(({ id }) => ledger.rackOf(id))).size
  const tasks: Task[] = []
  const deferred: Deferred[] = []
  for (const topic of snapshot.topics) {
    if (policy.excludeTopics?.test(topic.name) === true) continue
    for (const partition of topic.partitions) {
      const task = makeTask(ledger, racksThere, policy, { topic, partition })
      if (task === null) continue
      const subject = topicPartitionKey(topic.name, partition.id)
      if (isBeingReassigned(partition)) deferred.push({ subject, reason: IN_FLIGHT })
      else if (hasSource(partition, ledger.brokers)) tasks.push(task)
      else deferred.push({ subject, reason: describeAtRisk(partition, task.leaving) })
    }
  }
  const found = rework(ledger, tasks, policy)
  return finishDraft({
    kind: 'rack',
    snapshot,
    policy: {
      ...recordTargets(policy),
      excludeTopics: policy.excludeTopics?.source ?? null,
      allowPartial: policy.allowPartial,
    },
    steps: found.steps,
    withoutPlace: found.deferred,
    deferred,
    findings: [],
    allowPartial: policy.allowPartial,
  })
}
