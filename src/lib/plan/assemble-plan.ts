import { createHash } from 'node:crypto'

import { fingerprint } from '../model/fingerprint.js'
import type { Snapshot } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import { canonicalJson } from './canonical-json.js'
import { maintenanceFindings } from './maintenance-findings.js'
import type { Plan, PlanDraft, Step } from './plan.js'
import { listBefore, partitionSteps } from './step-lists.js'

/** The fingerprint of a list of steps: the state of their partitions that they expect when the first of them begins. */
export function fingerprintOfSteps(clusterId: string, steps: readonly Step[]): string {
  const seen = new Set<string>()
  const first = partitionSteps(steps).filter((step) => {
    const key = topicPartitionKey(step.topic, step.partition)
    return !seen.has(key) && seen.add(key)
  })
  return fingerprint(
    clusterId,
    first.map((step) => ({
      topic: step.topic,
      ...(step.topicId === undefined ? {} : { topicId: step.topicId }),
      partition: step.partition,
      replicas: listBefore(step),
    })),
  )
}

/** The id that the content of a plan asks for: kind and the first 8 hex digits of a SHA-256 over the rest. */
export function idOfContent(content: Omit<Plan, 'id'>): string {
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex')
  return `${content.kind}-${hash.slice(0, 8)}`
}

/** Adds cluster, times, fingerprint and id to what a planner hands over. */
export function assemblePlan(snapshot: Snapshot, draft: PlanDraft): Plan {
  const { id: clusterId, name } = snapshot.cluster
  return sealPlan({
    format: 'klinic.plan/1',
    kind: draft.kind,
    outcome: draft.outcome,
    complete: draft.complete,
    createdAt: snapshot.capturedAt,
    cluster: {
      id: clusterId,
      ...(name === undefined ? {} : { name }),
      fingerprint: fingerprintOfSteps(clusterId, draft.steps),
    },
    ...(snapshot.traffic === undefined ? {} : { traffic: snapshot.traffic }),
    policy: draft.policy,
    steps: draft.steps,
    deferred: draft.deferred,
    findings: [...draft.findings, ...maintenanceFindings(snapshot)],
    summary: draft.summary,
  })
}

/** Puts the id of the content in its place behind the format. */
export function sealPlan(content: Omit<Plan, 'id'>): Plan {
  const { format, ...rest } = content
  return { format, id: idOfContent(content), ...rest }
}
