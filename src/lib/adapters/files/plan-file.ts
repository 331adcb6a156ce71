import { createHash } from 'node:crypto'

import { OperatorError } from '../../errors/operator-error.js'
import { formatPlan } from '../../plan/format-plan.js'
import { toKafkaJson, type WantedList } from '../../plan/kafka-json.js'
import { looksLikeKafkaJson } from '../../plan/parse-kafka-json.js'
import { parsePlan } from '../../plan/parse-plan.js'
import type { Plan } from '../../plan/plan.js'
import { nameOf, readText } from './read-text.js'
import { writeText } from './write-text.js'

/** What a plan argument turned out to be: a plan of ours, or Kafka's JSON that needs a cluster to become one. */
export type PlanSource =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly sha256: string }
  | {
      readonly kind: 'kafka-json'
      readonly text: string
      readonly name: string
      readonly sha256: string
    }

/** Reads a plan file or Kafka's reassignment JSON. `sha256` is of the text, as `sha256sum` prints it. Throws (65). */
export async function readPlanSource(path: string): Promise<PlanSource> {
  const text = await readText(path, 'plan')
  const sha256 = createHash('sha256').update(text).digest('hex')
  const name = nameOf(path)
  if (looksLikeKafkaJson(text)) return { kind: 'kafka-json', text, name, sha256 }
  return { kind: 'plan', plan: parsePlan(text, name), sha256 }
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
