import type { Broker, Snapshot } from '../../model/snapshot.js'
import type { Finding, JsonValue, PlanDraft, RestartStep } from '../../plan/plan.js'
import { inSyncReplicas } from './min-isr.js'
import type { BatchCandidate } from './roll-batches.js'
import { packBatches } from './roll-batches.js'
import { findRollBlockers, judgeStop } from './roll-blockers.js'
import { findRollConflicts, lowerBoundOfBatches } from './roll-conflicts.js'
import type { RollPolicy } from './roll-policy.js'

interface Load {
  leaders: number
  replicas: number
}

function countLoads(snapshot: Snapshot): ReadonlyMap<number, Load> {
  const loads = new Map<number, Load>(
    snapshot.brokers.map(({ id }) => [id, { leaders: 0, replicas: 0 }]),
  )
  for (const partition of snapshot.topics.flatMap((topic) => topic.partitions)) {
    for (const replica of partition.replicas) {
      const load = loads.get(replica)
      if (load !== undefined) load.replicas++
    }
    const leader = partition.leader === null ? undefined : loads.get(partition.leader)
    if (leader !== undefined) leader.leaders++
  }
  return loads
}

/** Brokers to restart, in order: the one with fewest leaders first by default, and the active controller always last. */
export function orderRoll(snapshot: Snapshot, policy: RollPolicy): readonly Broker[] {
  const loads = countLoads(snapshot)
  const excluded = new Set(policy.exclude)
  const wanted =
    policy.brokers ?? snapshot.brokers.map((broker) => broker.id).toSorted((a, b) => a - b)
  const chosen = wanted
    .filter((id) => !excluded.has(id))
    .flatMap(
      (id) => snapshot.brokers.find((broker) => broker.id === id && broker.state !== 'dead') ?? [],
    )
  const leaders = (broker: Broker): number => loads.get(broker.id)?.leaders ?? 0
  const byOrder = {
    given: chosen,
    id: chosen.toSorted((a, b) => a.id - b.id),
    leaders: chosen.toSorted((a, b) => leaders(a) - leaders(b) || a.id - b.id),
  }[policy.order]
  const isController = (broker: Broker): boolean => broker.id === snapshot.cluster.controller
  return [...byOrder.filter((broker) => !isController(broker)), ...byOrder.filter(isController)]
}

function maxTogether(snapshot: Snapshot, policy: RollPolicy): number {
  if (policy.batch === 'serial') return 1
  const share = Math.floor(snapshot.brokers.length * policy.maxUnavailableShare)
  return Math.max(1, Math.min(policy.maxParallel, share))
}

function makeBatches(
  snapshot: Snapshot,
  ordered: readonly Broker[],
  policy: RollPolicy,
): { readonly batches: readonly (readonly number[])[]; readonly lowerBound: number } {
  const together = maxTogether(snapshot, policy)
  const conflicts = findRollConflicts(
    snapshot,
    new Set(ordered.map((broker) => broker.id)),
    policy.isrMargin,
  )
  const group = (broker: Broker): string =>
    policy.batch === 'rack' ? (broker.rack ?? `broker ${broker.id}`) : ''
  const sizes = new Map<string, number>()
  for (const broker of ordered) sizes.set(group(broker), (sizes.get(group(broker)) ?? 0) + 1)
  const lowerBound = lowerBoundOfBatches(conflicts, [...sizes.values()], together)
  if (together === 1) return { batches: ordered.map((broker) => [broker.id]), lowerBound }
  const candidates: readonly BatchCandidate[] = ordered.map((broker) => ({
    id: broker.id,
    group: group(broker),
  }))
  const packed = packBatches(candidates, conflicts, together)
  const controller = snapshot.cluster.controller
  const holdsController = (batch: readonly number[]): boolean =>
    controller !== undefined && batch.includes(controller)
  return {
    batches: [
      ...packed.filter((batch) => !holdsController(batch)),
      ...packed.filter(holdsController),
    ],
    lowerBound,
  }
}

function lowestIsr(
  snapshot: Snapshot,
  broker: number,
  batch: ReadonlySet<number>,
): number | undefined {
  const none = new Set<number>()
  const left = snapshot.topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => partition.replicas.includes(broker))
      .map(
        (partition) =>
          inSyncReplicas(partition, none).filter((replica) => !batch.has(replica)).length,
      ),
  )
  return left.length === 0 ? undefined : left.reduce((least, count) => Math.min(least, count))
}

function explainPlace(snapshot: Snapshot, id: number, batchSize: number): RestartStep['reason'] {
  if (id === snapshot.cluster.controller) {
    return { code: 'CONTROLLER_LAST', text: 'active controller: last, so that it moves only once' }
  }
  return batchSize === 1
    ? { code: 'ALONE', text: 'restarts alone' }
    : {
        code: 'NO_SHARED_RISK',
        text: `restarts with ${batchSize - 1} others: no partition loses more in-sync replicas than it can spare`,
      }
}

function makeSteps(
  snapshot: Snapshot,
  batches: readonly (readonly number[])[],
  policy: RollPolicy,
): readonly RestartStep[] {
  const loads = countLoads(snapshot)
  const numbered = batches.flatMap((ids, index) =>
    ids.map((id) => ({ id, batch: index + 1, together: new Set(ids) })),
  )
  return numbered.flatMap(({ id, batch, together }, index) => {
    const broker = snapshot.brokers.find((candidate) => candidate.id === id)
    if (broker === undefined) return []
    const lowest = lowestIsr(snapshot, id, together)
    const step: RestartStep = {
      id: index + 1,
      type: 'restart',
      broker: id,
      host: broker.host,
      batch,
      reason: explainPlace(snapshot, id, together.size),
      ...(broker.rack === undefined ? {} : { rack: broker.rack }),
      leaders: loads.get(id)?.leaders ?? 0,
      replicas: loads.get(id)?.replicas ?? 0,
      partitionsAtRisk: judgeStop(snapshot, new Set([id]), policy).accepted.length,
      ...(lowest === undefined ? {} : { lowestIsrAfterStop: lowest }),
    }
    return [step]
  })
}

function recordPolicy(policy: RollPolicy): Readonly<Record<string, JsonValue>> {
  return {
    order: policy.order,
    batch: policy.batch,
    maxParallel: policy.maxParallel,
    maxUnavailableShare: policy.maxUnavailableShare,
    isrMargin: policy.isrMargin,
    exclude: policy.exclude,
    allowOffline: policy.allowOffline?.source ?? null,
    allowBelowMinIsr: policy.allowBelowMinIsr?.source ?? null,
    allowReassignments: policy.allowReassignments,
  }
}

function findUnknown(snapshot: Snapshot, policy: RollPolicy): readonly Finding[] {
  const known = new Set(snapshot.brokers.map((broker) => broker.id))
  return [...(policy.brokers ?? []), ...policy.exclude]
    .filter((id) => !known.has(id))
    .map((id) => ({
      code: 'UNKNOWN_BROKER',
      severity: 'blocker',
      subject: `broker ${id}`,
      message: `there is no broker ${id} in this cluster`,
      nextSteps: ['klinic cluster status'],
    }))
}

/**
 * Plans a rolling restart: order, batches and the predicted state of each partition's in-sync set. The number of batches
 * stands beside a proven lower bound in the policy record. Refused when any stop would hurt a partition that no flag accepts.
 */
export function planRoll(snapshot: Snapshot, policy: RollPolicy): PlanDraft {
  const ordered = orderRoll(snapshot, policy)
  const findings = [
    ...findUnknown(snapshot, policy),
    ...findRollBlockers(
      snapshot,
      ordered.map((broker) => broker.id),
      policy,
    ),
  ]
  const { batches, lowerBound } = makeBatches(snapshot, ordered, policy)
  const refused = findings.length > 0
  const steps = refused ? [] : makeSteps(snapshot, batches, policy)
  return {
    kind: 'roll',
    outcome: refused ? 'refused' : steps.length === 0 ? 'no-changes' : 'changes',
    complete: !refused,
    policy: { ...recordPolicy(policy), batches: batches.length, batchesLowerBound: lowerBound },
    steps,
    deferred: [],
    findings,
    summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
  }
}
