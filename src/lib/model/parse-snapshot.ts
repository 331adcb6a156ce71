import type * as z from 'zod'

import {
  formatPath,
  openDocument,
  unreadable,
  type DocumentFault,
  type DocumentKind,
} from './document.js'
import { isPlainPartition } from './quick-partition.js'
import { snapshotHeadSchema, topicHeadSchema, topicSchema } from './snapshot-schema.js'
import type { Snapshot, Topic } from './snapshot.js'
import { sortSnapshot } from './sort-snapshot.js'

const KIND: DocumentKind = { noun: 'snapshot', format: 'klinic.snapshot', version: 1 }

/** What a schema found wrong, with each place as a path below `prefix`. */
export function faultsOf(
  error: z.core.$ZodError,
  prefix: readonly PropertyKey[] = [],
): readonly DocumentFault[] {
  return error.issues.map((issue) => ({
    path: formatPath([...prefix, ...issue.path]),
    message: issue.message,
  }))
}

function isPlainTopic(value: unknown): value is Topic {
  if (typeof value !== 'object' || value === null || !('partitions' in value)) return false
  const { partitions, ...head } = value
  if (!topicHeadSchema.safeParse(head).success) return false
  return Array.isArray(partitions) && partitions.every(isPlainPartition)
}

function checkTopics(value: unknown, name: string): readonly Topic[] {
  if (!Array.isArray(value)) {
    throw unreadable(KIND, name, [{ path: 'topics', message: 'expected an array' }])
  }
  const items: readonly unknown[] = value
  return items.map((item, index) => {
    if (isPlainTopic(item)) return item
    const checked = topicSchema.safeParse(item)
    if (checked.success) return checked.data
    throw unreadable(KIND, name, faultsOf(checked.error, ['topics', index]))
  })
}

function findTwice<T>(items: readonly T[], key: (item: T) => string | number): number | null {
  const seen = new Set<string | number>()
  const index = items.findIndex((item) => seen.size === seen.add(key(item)).size)
  return index === -1 ? null : index
}

function refuseDoubles(snapshot: Snapshot, name: string): void {
  const broker = findTwice(snapshot.brokers, ({ id }) => id)
  const topic = findTwice(snapshot.topics, (item) => item.name)
  const faults: readonly DocumentFault[] = [
    ...(broker === null
      ? []
      : [
          {
            path: `brokers[${broker}].id`,
            message: `broker ${snapshot.brokers[broker]?.id ?? ''} stands there twice`,
          },
        ]),
    ...(topic === null
      ? []
      : [
          {
            path: `topics[${topic}].name`,
            message: `topic ${snapshot.topics[topic]?.name ?? ''} stands there twice`,
          },
        ]),
    ...snapshot.topics.flatMap((item, index) => {
      const twice = findTwice(item.partitions, ({ id }) => id)
      if (twice === null) return []
      const path = `topics[${index}].partitions[${twice}].id`
      return [
        {
          path,
          message: `partition ${item.name}-${item.partitions[twice]?.id ?? ''} stands there twice`,
        },
      ]
    }),
  ]
  if (faults.length > 0) throw unreadable(KIND, name, faults)
}

/**
 * Reads a snapshot document. `name` is what errors call it (a path). Throws OperatorError (65) with the place of what is
 * wrong, or when a newer klinic wrote it. The result is sorted.
 */
export function parseSnapshot(text: string, name: string): Snapshot {
  const { topics: rawTopics, ...rawHead } = openDocument(text, KIND, name)
  const head = snapshotHeadSchema.safeParse(rawHead)
  if (!head.success) throw unreadable(KIND, name, faultsOf(head.error))
  const snapshot: Snapshot = { ...head.data, topics: checkTopics(rawTopics, name) }
  refuseDoubles(snapshot, name)
  return sortSnapshot(snapshot)
}
