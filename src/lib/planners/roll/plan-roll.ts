import type { Broker, Snapshot } from '../../model/snapshot.js'
import type { JsonValue, PlanDraft, RestartStep } from '../../plan/plan.js'
import { inSyncReplicas } from './min-isr.js'
import { lowerBoundOfBatches } from './batch-bound.js'
import type { BatchCandidate } from './roll-batches.js'
import { packBatches } from './roll-batches.js'
import { findRollBlockers, judgeStop } from './roll-blockers.js'
import { findRollConflicts } from './roll-conflicts.js'
import { chooseControllers, controllerStep, findControllersLeft } from './roll-controllers.js'
import { estimateRollSeconds } from './estimate-roll.js'
import { findWithoutMargin } from './margin-findings.js'
import type { RollFacts } from './roll-facts.js'
import type { RollPolicy } from './roll-policy.js'
import { findOnlyInInventory, findUnknown } from './roll-targets.js'
import { findSickBrokers, imagineBack } from './sick-brokers.js'

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

/**
 * Brokers to restart, in order: the one with fewest leaders first by default, and the active controller last unless the
 * operator's own order is to be kept.
 */
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
  if (policy.keepOrder) return byOrder
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
  if (together === 1)
    return { batches: ordered.map((broker) => [broker.id]), lowerBound: ordered.length }
  const candidates: readonly BatchCandidate[] = ordered.map((broker) => ({
    id: broker.id,
    group: group(broker),
  }))
  const lowerBound = lowerBoundOfBatches(candidates, conflicts, together)
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

/** Controllers before or behind the brokers, each alone; then ids and batches are numbered through. */
function withControllers(
  steps: readonly RestartStep[],
  controllers: readonly RestartStep[],
  first: boolean,
): readonly RestartStep[] {
  const alone = controllers.map((step, index) => ({ ...step, batch: -1 - index }))
  const all = first ? [...alone, ...steps] : [...steps, ...alone]
  const batches = [...new Set(all.map((step) => step.batch))]
  return all.map((step, index) => ({
    ...step,
    id: index + 1,
    batch: batches.indexOf(step.batch) + 1,
  }))
}

function recordPolicy(policy: RollPolicy): Readonly<Record<string, JsonValue>> {
  return {
    order: policy.order,
    keepOrder: policy.keepOrder,
    controllers: policy.controllers,
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

const SICK_FIRST = {
  code: 'SICK_FIRST',
  text: 'is not there: first, since its restart takes nothing away',
} as const

/** Sick brokers first, each alone, then the batches of the others as they will be once those are back. */
function planSteps(
  snapshot: Snapshot,
  policy: RollPolicy,
): { readonly steps: readonly RestartStep[]; readonly batches: number; readonly bound: number } {
  const sick = findSickBrokers(snapshot, policy)
  const imagined = imagineBack(snapshot, sick)
  const ordered = orderRoll(imagined, policy)
  const well = ordered.filter(({ id }) => !sick.has(id))
  const first = ordered.filter(({ id }) => sick.has(id)).map(({ id }) => [id])
  const { batches, lowerBound } = makeBatches(imagined, well, policy)
  const all = [...first, ...batches]
  const steps = makeSteps(imagined, all, policy).map((step) =>
    sick.has(step.broker) ? { ...step, reason: SICK_FIRST } : step,
  )
  return { steps, batches: all.length, bound: lowerBound + first.length }
}

/**
 * Plans a rolling restart: order, batches and the predicted state of each partition's in-sync set. The number of batches
 * stands beside a proven lower bound in the policy record. Refused when any stop would hurt a partition that no flag accepts.
 */
export function planRoll(snapshot: Snapshot, policy: RollPolicy, facts: RollFacts = {}): PlanDraft {
  const sick = findSickBrokers(snapshot, policy)
  const imagined = imagineBack(snapshot, sick)
  const controllers = chooseControllers(snapshot, policy, facts)
  const targets = orderRoll(imagined, policy).map((broker) => broker.id)
  const findings = [
    ...findUnknown(snapshot, policy, facts),
    ...findOnlyInInventory(snapshot, facts),
    ...findRollBlockers(imagined, targets, policy),
    ...findControllersLeft(controllers, policy, facts),
    ...findWithoutMargin(snapshot, policy),
  ]
  const refused = findings.some(({ severity }) => severity === 'blocker')
  const { steps: brokers, batches, bound } = planSteps(snapshot, policy)
  const nodes = controllers.map((node) =>
    controllerStep(node, node.id === snapshot.cluster.controller),
  )
  const steps = refused ? [] : withControllers(brokers, nodes, policy.controllers === 'first')
  const count = batches + nodes.length
  const etaSeconds = estimateRollSeconds(facts.measuredSeconds ?? [], count)
  return {
    kind: 'roll',
    outcome: refused ? 'refused' : steps.length === 0 ? 'no-changes' : 'changes',
    complete: !refused,
    policy: {
      ...recordPolicy(policy),
      batches: count,
      batchesLowerBound: bound + nodes.length,
    },
    steps,
    deferred: [],
    findings,
    summary: {
      replicaMoves: 0,
      leaderMoves: 0,
      bytesToMove: 0,
      ...(etaSeconds === null || steps.length === 0 ? {} : { etaSeconds }),
      brokers: [],
    },
  }
}
