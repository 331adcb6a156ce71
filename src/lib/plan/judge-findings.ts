import type { ExitName } from '../errors/exit-codes.js'
import type { Finding } from '../model/finding.js'

const STALE = new Set([
  'OTHER_CLUSTER',
  'TOPIC_GONE',
  'TOPIC_RECREATED',
  'PARTITION_GONE',
  'REPLICAS_CHANGED',
  'BROKER_GONE',
  'PLAN_EDITED',
])

/**
 * The exit that what {@link validatePlan} found asks for: stale (4) before refused (3: a dead target, no source to copy
 * from) before try later (75: in flight); done without blockers.
 */
export function judgeFindings(findings: readonly Finding[]): ExitName {
  const blockers = findings.filter(({ severity }) => severity === 'blocker')
  if (blockers.length === 0) return 'done'
  if (blockers.some(({ code }) => STALE.has(code))) return 'stale'
  return blockers.every(({ code }) => code === 'IN_FLIGHT') ? 'tryLater' : 'refused'
}
