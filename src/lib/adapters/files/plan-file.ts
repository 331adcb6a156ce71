import { createHash } from 'node:crypto'

import { OperatorError } from '../../errors/operator-error.js'
import { formatPlan } from '../../plan/format-plan.js'
import { toKafkaJson, type WantedList } from '../../plan/kafka-json.js'
import { looksLikeKafkaJson } from '../../plan/parse-kafka-json.js'
import { parsePlan } from '../../plan/parse-plan.js'
import type { Plan } from '../../plan/plan.js'
import { nameOf, readText, readTextAndBytes } from './read-text.js'
import { writeText } from './write-text.js'

/** What a plan argument turned out to be: a plan of ours, or Kafka's JSON that needs a cluster to become one. */
export type PlanSource = Checksums &
  (
    | { readonly kind: 'plan'; readonly plan: Plan }
    | { readonly kind: 'kafka-json'; readonly text: string; readonly name: string }
  )

interface Checksums {
  /** SHA-256 of the text. */
  readonly sha256: string
  /** SHA-256 of the file as it lies there, as `sha256sum` prints it: another one where it is packed. */
  readonly fileSha256: string
}

const sha256Of = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')

/** Reads a plan file or Kafka's reassignment JSON, packed or not. Throws (65). */
export async function readPlanSource(path: string): Promise<PlanSource> {
  const { text, bytes } = await readTextAndBytes(path, 'plan')
  const checksums = { sha256: sha256Of(text), fileSha256: sha256Of(bytes) }
  const name = nameOf(path)
  if (looksLikeKafkaJson(text)) return { kind: 'kafka-json', text, name, ...checksums }
  return { kind: 'plan', plan: parsePlan(text, name), ...checksums }
}

/** Reads a plan file of ours (`.json`, `.json.gz`, or `-`). Throws OperatorError (65). */
export async function readPlanFile(path: string): Promise<Plan> {
  return parsePlan(await readText(path, 'plan'), nameOf(path))
}

/** Writes a plan file. Refused plans leave no file: a programming error if it comes to that. */
export async function writePlanFile(path: string, plan: Plan): Promise<void> {
  if (plan.outcome === 'refused') {
    throw new OperatorError({
      code: 'PLAN_REFUSED',
      message: `plan ${plan.id} was refused: there is nothing to write to ${path}`,
      exit: 'refused',
    })
  }
  await writeText(path, formatPlan(plan))
}

/** Writes Kafka's reassignment JSON. */
export async function writeKafkaJsonFile(
  path: string,
  lists: readonly WantedList[],
): Promise<void> {
  await writeText(path, toKafkaJson(lists))
}
