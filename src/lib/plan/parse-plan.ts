import {
  openDocument,
  unreadable,
  type DocumentFault,
  type DocumentKind,
} from '../model/document.js'
import { faultsOf } from '../model/parse-snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import { findBadKey } from './find-bad-key.js'
import { planSchema } from './plan-schema.js'
import type { Plan } from './plan.js'
import { listAfter, listBefore, sameList, stepsOf } from './step-lists.js'

/** How errors call a plan document, and the version that is read. */
export const PLAN_DOCUMENT: DocumentKind = { noun: 'plan', format: 'klinic.plan', version: 1 }

/** What the shape alone does not tell: numbers of steps, lists that do not follow on each other, unannounced changes. */
function findContradictions(plan: Plan): readonly DocumentFault[] {
  const faults: DocumentFault[] = []
  const ids = new Set<number>()
  plan.steps.forEach((step, index) => {
    if (ids.has(step.id)) {
      faults.push({ path: `steps[${index}].id`, message: `${step.id} stands there twice` })
    }
    ids.add(step.id)
  })
  const lists = new Map<string, readonly number[]>()
  for (const step of stepsOf(plan)) {
    const key = topicPartitionKey(step.topic, step.partition)
    const before = listBefore(step)
    const expected = lists.get(key)
    const path = `steps (id ${step.id}, ${key})`
    if (expected !== undefined && !sameList(expected, before)) {
      faults.push({
        path,
        message: `expects replicas [${before.join(' ')}], but an earlier step leaves [${expected.join(' ')}]`,
      })
    }
    if (step.type === 'reassign' && step.from.length !== step.to.length) {
      if (step.changesReplicationFactor !== true) {
        faults.push({
          path,
          message: `"from" has ${step.from.length} replicas and "to" ${step.to.length}, without "changesReplicationFactor": true`,
        })
      }
    }
    lists.set(key, listAfter(step))
  }
  if (plan.outcome === 'changes' && plan.steps.length === 0) {
    faults.push({ path: 'outcome', message: '"changes", but there are no steps' })
  }
  return faults
}

/**
 * Reads a plan document. `name` is what errors call it (a path). Throws OperatorError (65) with the place of what is
 * wrong (keys that stand twice and contradictions between steps too), or when a newer klinic wrote it.
 */
export function parsePlan(text: string, name: string): Plan {
  const document = openDocument(text, PLAN_DOCUMENT, name)
  const badKey = findBadKey(text)
  if (badKey !== null) throw unreadable(PLAN_DOCUMENT, name, [{ path: '', message: badKey }])
  const checked = planSchema.safeParse(document)
  if (!checked.success) throw unreadable(PLAN_DOCUMENT, name, faultsOf(checked.error))
  const faults = findContradictions(checked.data)
  if (faults.length > 0) throw unreadable(PLAN_DOCUMENT, name, faults)
  return checked.data
}
