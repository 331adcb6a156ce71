import { brokerLoads, loadOf } from '../../model/broker-load.js'
import { indexBrokers, rackOf } from '../../model/find-partition.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type { Snapshot } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { LimitedResource, PlacementContext } from '../../placement/placement-rule.js'
import type { PartitionStep } from '../../plan/plan.js'
import { simulateSteps } from '../../plan/simulate.js'
import { newReplicas } from '../../plan/step-lists.js'
import type { BalancePolicy } from './balance-policy.js'

function arrivals(snapshot: Snapshot, steps: readonly PartitionStep[]) {
  const rates = new Map<string, number>()
  for (const topic of snapshot.topics)
    for (const partition of topic.partitions)
      rates.set(topicPartitionKey(topic.name, partition.id), partition.bytesInPerSec ?? 0)
  const arriving = new Map<number, { in: number; disk: number }>()
  for (const step of steps) {
    const added = newReplicas(step)
    for (const id of added) {
      const sum = arriving.get(id) ?? { in: 0, disk: 0 }
      sum.disk += step.bytesToMove / added.length
      sum.in += rates.get(topicPartitionKey(step.topic, step.partition)) ?? 0
      arriving.set(id, sum)
    }
  }
  return arriving
}

function limitOf(policy: BalancePolicy, capacity: number | undefined, resource: LimitedResource) {
  const stated =
    { in: policy.inLimit, out: policy.outLimit, disk: policy.diskLimit }[resource] ?? capacity
  return stated === undefined ? undefined : stated * policy.limit
}

/** What the placement rules look at once the steps of a plan are taken for granted. */
export function placementContext(
  snapshot: Snapshot,
  policy: BalancePolicy,
  steps: readonly PartitionStep[],
): PlacementContext {
  const brokers = indexBrokers(snapshot)
  const before = brokerLoads(snapshot)
  const after = brokerLoads(simulateSteps(snapshot, steps))
  const arriving = arrivals(snapshot, steps)
  const inFlight = new Set(
    snapshot.topics.flatMap((topic) =>
      topic.partitions
        .filter(isBeingReassigned)
        .map((partition) => topicPartitionKey(topic.name, partition.id)),
    ),
  )
  const capacity = (id: number, resource: LimitedResource): number | undefined => {
    const stated = brokers.get(id)?.capacity
    if (resource === 'disk') return stated?.diskBytes
    return resource === 'in' ? stated?.inBytesPerSec : stated?.outBytesPerSec
  }
  const figure = (loads: typeof before, id: number, resource: LimitedResource): number => {
    const load = loads.get(id)
    return load === undefined ? 0 : loadOf(load, resource)
  }
  const alive = snapshot.brokers.filter((broker) => broker.state === 'alive')
  return {
    brokers,
    rackOf: (id) => rackOf(brokers, id),
    racksAlive: new Set(alive.map((broker) => rackOf(brokers, broker.id))).size,
    rackPolicy: policy.rackPolicy,
    excludedBrokers: new Set(policy.excludeBrokers),
    onlyTo: new Set(policy.onlyTo),
    isExcludedTopic: (topic) =>
      policy.excludeTopics !== undefined && topic.search(policy.excludeTopics) >= 0,
    isInFlight: (topic, partition) => inFlight.has(topicPartitionKey(topic, partition)),
    limit: (id, resource) => limitOf(policy, capacity(id, resource), resource),
    load: (id, resource) => figure(after, id, resource),
    peak: (id, resource) => {
      const more = arriving.get(id)
      const add = more === undefined || resource === 'out' ? 0 : more[resource]
      return figure(before, id, resource) + add
    },
  }
}
