import { indexBrokers } from '../model/find-partition.js'
import type { Broker, Partition, Snapshot, Topic } from '../model/snapshot.js'
import type { PartitionStep, Plan, Step } from './plan.js'
import { leaderAfter, listAfter, partitionSteps } from './step-lists.js'

type StepsByTopic = ReadonlyMap<string, ReadonlyMap<number, readonly PartitionStep[]>>

function groupByPartition(steps: readonly Step[]): StepsByTopic {
  const topics = new Map<string, Map<number, PartitionStep[]>>()
  for (const step of partitionSteps(steps)) {
    const partitions = topics.get(step.topic) ?? new Map<number, PartitionStep[]>()
    const list = partitions.get(step.partition) ?? []
    list.push(step)
    partitions.set(step.partition, list)
    topics.set(step.topic, partitions)
  }
  return topics
}

function applySteps(
  partition: Partition,
  steps: readonly PartitionStep[],
  brokers: ReadonlyMap<number, Broker>,
): Partition {
  const last = steps.at(-1)
  if (last === undefined) return partition
  const replicas = listAfter(last)
  const serving = replicas.filter((id) => (brokers.get(id)?.state ?? 'dead') !== 'dead')
  const leader = serving.find((id) => id === leaderAfter(last)) ?? serving[0] ?? null
  const { id, isr, logDirs, bytesInPerSec, bytesOutPerSec, sizeBytes } = partition
  return {
    id,
    replicas,
    ...(isr === undefined ? {} : { isr: serving }),
    leader,
    ...(bytesInPerSec === undefined ? {} : { bytesInPerSec }),
    ...(bytesOutPerSec === undefined ? {} : { bytesOutPerSec }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(logDirs === undefined
      ? {}
      : {
          logDirs: replicas.map((replica) => logDirs[partition.replicas.indexOf(replica)] ?? null),
        }),
  }
}

function applyToTopic(topic: Topic, steps: StepsByTopic, brokers: ReadonlyMap<number, Broker>) {
  const ofTopic = steps.get(topic.name)
  if (ofTopic === undefined) return topic
  const partitions = topic.partitions.map((partition) => {
    const found = ofTopic.get(partition.id)
    return found === undefined ? partition : applySteps(partition, found, brokers)
  })
  return { ...topic, partitions }
}

/** The snapshot as it would be once the steps are done: every new replica in sync, every preferred leader leading. */
export function simulateSteps(snapshot: Snapshot, steps: readonly Step[]): Snapshot {
  const grouped = groupByPartition(steps)
  const brokers = indexBrokers(snapshot)
  return {
    ...snapshot,
    topics: snapshot.topics.map((topic) => applyToTopic(topic, grouped, brokers)),
  }
}

/** See {@link simulateSteps}. */
export function simulate(snapshot: Snapshot, plan: Plan): Snapshot {
  return simulateSteps(snapshot, plan.steps)
}
