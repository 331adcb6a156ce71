import { unreadable, type DocumentFault } from '../model/document.js'
import { targetReplicas } from '../model/broker-load.js'
import type { Finding } from '../model/finding.js'
import { indexBrokers, indexPartitions, type LocatedPartition } from '../model/find-partition.js'
import type { Snapshot } from '../model/snapshot.js'
import { compareTopicPartitions, topicPartitionKey } from '../model/topic-partition.js'
import { assemblePlan } from './assemble-plan.js'
import type { WantedList } from './kafka-json.js'
import { parseKafkaJson } from './parse-kafka-json.js'
import { PLAN_DOCUMENT } from './parse-plan.js'
import type { Plan, ReassignStep } from './plan.js'
import { sameList } from './step-lists.js'
import { summarise } from './summarise.js'

/** What an import may do beyond moving replicas. */
export interface ImportOptions {
  readonly allowReplicationFactorChange: boolean
}

type Located = ReadonlyMap<string, LocatedPartition>

const keyOf = (list: WantedList): string => topicPartitionKey(list.topic, list.partition)

function checkAgainst(
  lists: readonly WantedList[],
  located: Located,
  known: ReadonlySet<number>,
  options: ImportOptions,
): readonly DocumentFault[] {
  return lists.flatMap((list) => {
    const key = keyOf(list)
    const partition = located.get(key)?.partition
    if (partition === undefined) {
      return [{ path: key, message: 'the cluster has no such partition' }]
    }
    const stranger = list.replicas.find((id) => !known.has(id))
    if (stranger !== undefined) {
      return [{ path: `${key} replicas`, message: `the cluster has no broker ${stranger}` }]
    }
    const factor = targetReplicas(partition).length
    if (factor !== list.replicas.length && !options.allowReplicationFactorChange) {
      const message = `the replication factor would change from ${factor} to ${list.replicas.length} (--allow-replication-factor-change)`
      return [{ path: `${key} replicas`, message }]
    }
    return []
  })
}

function toStep(list: WantedList, id: number, located: Located): ReassignStep | null {
  const found = located.get(keyOf(list))
  if (found === undefined || sameList(found.partition.replicas, list.replicas)) return null
  const { topic, partition } = found
  const added = list.replicas.filter((replica) => !partition.replicas.includes(replica))
  return {
    id,
    type: 'reassign',
    topic: list.topic,
    ...(topic.topicId === undefined ? {} : { topicId: topic.topicId }),
    partition: list.partition,
    from: partition.replicas,
    to: list.replicas,
    bytesToMove: (partition.sizeBytes ?? 0) * added.length,
    ...(partition.replicas.length === list.replicas.length
      ? {}
      : { changesReplicationFactor: true }),
    reason: { code: 'IMPORTED', text: 'asked for by the reassignment JSON' },
  }
}

function findNotes(
  lists: readonly WantedList[],
  located: Located,
  namedLogDirs: number,
  name: string,
): readonly Finding[] {
  const unknownSize = lists.filter((list) => {
    const partition = located.get(keyOf(list))?.partition
    return partition !== undefined && partition.sizeBytes === undefined
  }).length
  const note = (code: string, message: string): Finding => ({
    code,
    severity: 'warning',
    subject: name,
    message,
    nextSteps: [],
  })
  return [
    ...(namedLogDirs === 0
      ? []
      : [note('LOG_DIRS_IGNORED', `${namedLogDirs} partitions name log directories: not applied`)]),
    ...(unknownSize === 0
      ? []
      : [note('SIZE_UNKNOWN', `${unknownSize} partitions have no known size: counted as 0 bytes`)]),
  ]
}

/**
 * Kafka's reassignment JSON as a plan of ours against this state of the cluster: lists that are there already make no
 * step. Throws OperatorError (65) for unknown topics, partitions and brokers, and for a changed replication factor.
 */
export function importKafkaJson(
  text: string,
  name: string,
  snapshot: Snapshot,
  options: ImportOptions,
): Plan {
  const { lists, namedLogDirs } = parseKafkaJson(text, name)
  const located = indexPartitions(snapshot, new Set(lists.map(keyOf)))
  const known = new Set(indexBrokers(snapshot).keys())
  const faults = checkAgainst(lists, located, known, options)
  if (faults.length > 0) throw unreadable(PLAN_DOCUMENT, name, faults)
  const steps = lists
    .toSorted(compareTopicPartitions)
    .map((list) => toStep(list, 0, located))
    .filter((step) => step !== null)
    .map((step, index) => ({ ...step, id: index + 1 }))
  return assemblePlan(snapshot, {
    kind: 'import',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: true,
    policy: { allowReplicationFactorChange: options.allowReplicationFactorChange },
    steps,
    deferred: [],
    findings: findNotes(lists, located, namedLogDirs, name),
    summary: summarise(snapshot, steps),
  })
}
