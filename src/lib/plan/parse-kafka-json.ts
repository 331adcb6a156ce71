import * as z from 'zod'

import { parseJsonObject, unreadable, type DocumentFault } from '../model/document.js'
import { faultsOf } from '../model/parse-snapshot.js'
import { idSchema, topicNameSchema } from '../model/snapshot-schema.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import { findBadKey } from './find-bad-key.js'
import type { WantedList } from './kafka-json.js'
import { PLAN_DOCUMENT } from './parse-plan.js'

/** A reassignment JSON as read: the wanted lists, and how many of them name log directories (which are not applied). */
export interface KafkaReassignment {
  readonly lists: readonly WantedList[]
  readonly namedLogDirs: number
}

// Kafka ignores keys that it does not know, here and in partitions; so do we.
const reassignmentSchema = z.object({
  version: z.exactOptional(z.literal(1)),
  partitions: z
    .array(
      z.object({
        topic: topicNameSchema,
        partition: idSchema,
        replicas: z.array(idSchema).min(1),
        log_dirs: z.exactOptional(z.array(z.string())),
      }),
    )
    .min(1),
})

type RawList = z.infer<typeof reassignmentSchema>['partitions'][number]

const CURRENT = /^\s*Current partition replica assignment/m
const PROPOSED = /^\s*Proposed partition reassignment configuration\s*$/m

/**
 * The JSON in what Kafka's own command printed. `--generate` prints the current and the proposed lists, each under a
 * heading: the proposed part is taken. Null when the text has only the current part.
 */
function pickProposed(text: string): string | null {
  const heading = PROPOSED.exec(text)
  if (heading !== null) return text.slice(heading.index + heading[0].length).trim()
  return CURRENT.test(text) ? null : text
}

function checkList(list: RawList, index: number, seen: Set<string>): readonly DocumentFault[] {
  const key = topicPartitionKey(list.topic, list.partition)
  const path = `partitions[${index}]`
  const faults: DocumentFault[] = []
  if (seen.has(key)) faults.push({ path, message: `${key} stands there twice` })
  seen.add(key)
  const twice = list.replicas.find((id, at) => list.replicas.indexOf(id) !== at)
  if (twice !== undefined) {
    faults.push({ path: `${path}.replicas`, message: `${key} names broker ${twice} twice` })
  }
  if (list.log_dirs !== undefined && list.log_dirs.length !== list.replicas.length) {
    const message = `${key} has ${list.log_dirs.length} log dirs for ${list.replicas.length} replicas`
    faults.push({ path: `${path}.log_dirs`, message })
  }
  return faults
}

/** Whether a file is Kafka's reassignment JSON (or the output of its command), and not a plan of ours. */
export function looksLikeKafkaJson(text: string): boolean {
  if (PROPOSED.test(text) || CURRENT.test(text)) return true
  return /"partitions"\s*:/.test(text) && !/"format"\s*:\s*"klinic\./.test(text)
}

/**
 * Reads Kafka's reassignment JSON as generously as Kafka writes it (no version, a byte order mark, unknown keys, the
 * whole output of `--generate`), and refuses what is ambiguous, naming partition and field. Throws OperatorError (65).
 */
export function parseKafkaJson(text: string, name: string): KafkaReassignment {
  const json = pickProposed(text)
  if (json === null) {
    const message = 'it holds only the current assignment; the proposed one is missing'
    throw unreadable(PLAN_DOCUMENT, name, [{ path: '', message }])
  }
  const document = parseJsonObject(json, PLAN_DOCUMENT, name)
  const badKey = findBadKey(json)
  if (badKey !== null) throw unreadable(PLAN_DOCUMENT, name, [{ path: '', message: badKey }])
  const checked = reassignmentSchema.safeParse(document)
  if (!checked.success) throw unreadable(PLAN_DOCUMENT, name, faultsOf(checked.error))
  const { partitions } = checked.data
  const seen = new Set<string>()
  const faults = partitions.flatMap((list, index) => checkList(list, index, seen))
  if (faults.length > 0) throw unreadable(PLAN_DOCUMENT, name, faults)
  const isNamed = ({ log_dirs: dirs }: RawList): boolean =>
    dirs?.some((dir) => dir !== 'any') === true
  return {
    lists: partitions.map(({ topic, partition, replicas }) => ({ topic, partition, replicas })),
    namedLogDirs: partitions.filter(isNamed).length,
  }
}
