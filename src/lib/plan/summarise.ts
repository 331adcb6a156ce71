import {
  brokerLoads,
  maxOverMean,
  type BalancedResource,
  type BrokerLoad,
} from '../model/broker-load.js'
import { indexBrokers, indexPartitions, rackOf } from '../model/find-partition.js'
import type { Broker, Snapshot } from '../model/snapshot.js'
import { sortSnapshot } from '../model/sort-snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import type { BrokerChange, PartitionStep, PlanSummary, ResourceBalance, Step } from './plan.js'
import { simulateSteps } from './simulate.js'
import { leaderAfter, listBefore, newReplicas, partitionSteps } from './step-lists.js'

const RESOURCES: readonly BalancedResource[] = ['in', 'out', 'disk', 'replicas', 'leaders']

const NO_LOAD: BrokerLoad = {
  inBytesPerSec: 0,
  outBytesPerSec: 0,
  diskBytes: 0,
  replicas: 0,
  leaders: 0,
}

function bytesAcrossRacks(
  steps: readonly PartitionStep[],
  brokers: ReadonlyMap<number, Broker>,
): number {
  return steps.reduce((sum, step) => {
    const added = newReplicas(step)
    if (added.length === 0) return sum
    const racksBefore = new Set(listBefore(step).map((id) => rackOf(brokers, id)))
    const elsewhere = added.filter((id) => !racksBefore.has(rackOf(brokers, id)))
    return sum + (step.bytesToMove / added.length) * elsewhere.length
  }, 0)
}

function arrivingBytes(steps: readonly PartitionStep[]): ReadonlyMap<number, number> {
  const arriving = new Map<number, number>()
  for (const step of steps) {
    const added = newReplicas(step)
    for (const id of added) {
      arriving.set(id, (arriving.get(id) ?? 0) + step.bytesToMove / added.length)
    }
  }
  return arriving
}

function describeBroker(broker: Broker): Pick<BrokerChange, 'rack' | 'state' | 'capacity'> {
  return {
    ...(broker.rack === undefined ? {} : { rack: broker.rack }),
    ...(broker.state === 'alive' ? {} : { state: broker.state }),
    ...(broker.capacity === undefined ? {} : { capacity: broker.capacity }),
  }
}

function countLeaderMoves(snapshot: Snapshot, steps: readonly PartitionStep[]): number {
  const keys = new Set(steps.map((step) => topicPartitionKey(step.topic, step.partition)))
  const located = indexPartitions(snapshot, keys)
  return steps.filter((step) => {
    const leader = located.get(topicPartitionKey(step.topic, step.partition))?.partition.leader
    return leader !== undefined && leaderAfter(step) !== leader
  }).length
}

/**
 * The plan in figures: loads of each broker before and after by the same formula, replicas that move, leaders that
 * change, bytes, and how even each resource is among the brokers that may carry load.
 */
export function summarise(unsorted: Snapshot, allSteps: readonly Step[]): PlanSummary {
  const snapshot = sortSnapshot(unsorted)
  const steps = partitionSteps(allSteps)
  const before = brokerLoads(snapshot)
  const after = steps.length === 0 ? before : brokerLoads(simulateSteps(snapshot, steps))
  const brokers = indexBrokers(snapshot)
  const arriving = arrivingBytes(steps)
  const changes = snapshot.brokers.map((broker): BrokerChange => {
    const load = before.get(broker.id) ?? NO_LOAD
    const arrives = arriving.get(broker.id)
    return {
      id: broker.id,
      ...describeBroker(broker),
      before: load,
      after: after.get(broker.id) ?? NO_LOAD,
      ...(arrives === undefined ? {} : { peakDiskBytes: load.diskBytes + arrives }),
    }
  })
  const balance = RESOURCES.map((resource): ResourceBalance => ({
    resource,
    maxOverMeanBefore: round6(maxOverMean(snapshot.brokers, before, resource)),
    maxOverMeanAfter: round6(maxOverMean(snapshot.brokers, after, resource)),
  }))
  return {
    replicaMoves: steps.reduce((sum, step) => sum + newReplicas(step).length, 0),
    leaderMoves: countLeaderMoves(snapshot, steps),
    bytesToMove: steps.reduce((sum, step) => sum + step.bytesToMove, 0),
    bytesAcrossRacks: bytesAcrossRacks(steps, brokers),
    balance,
    brokers: changes,
  }
}

const round6 = (value: number): number => Math.round(value * 1e6) / 1e6
