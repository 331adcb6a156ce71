import type { ExitName } from '../../errors/exit-codes.js'
import { OperatorError } from '../../errors/operator-error.js'
import { indexBrokers } from '../../model/find-partition.js'
import type { AlertCause, AlertSeverity } from '../../model/alert.js'
import type { Finding } from '../../model/finding.js'
import { outOfSyncReplicas } from '../../model/partition-state.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { Plan } from '../../plan/plan.js'

/** Blockers that time alone takes away: nobody has to know of a broker that is restarting. */
export const WAITING: ReadonlySet<string> = new Set([
  'DEAD_TOO_SHORT',
  'DEAD_SINCE_UNKNOWN',
  'RESTART_IN_PROGRESS',
  'TOO_MANY_AWAY',
])
/** Warnings about the plan itself, for who reads it. */
const PLAN_ONLY: ReadonlySet<string> = new Set(['RACKS_SHARED', 'DEAD_SINCE_UNKNOWN'])
const CRITICAL: ReadonlySet<string> = new Set(['DATA_AT_RISK', 'TOO_MANY_DEAD', 'BROKER_HUNG'])

/** What of the findings of a heal plan people have to know, whether it is carried out or not. */
export function causesOfPlan(plan: Pick<Plan, 'findings'>): readonly AlertCause[] {
  return plan.findings.flatMap((finding): readonly AlertCause[] => {
    const severity = severityOf(finding)
    if (severity === null) return []
    const { code: kind, message, nextSteps } = finding
    return [{ kind, subject: subjectOf(finding), severity, message, nextSteps }]
  })
}

function severityOf({ code, severity }: Finding): AlertSeverity | null {
  if (code === 'DEAD_BROKER') return 'critical'
  if (severity === 'info' || WAITING.has(code) || PLAN_ONLY.has(code)) return null
  return CRITICAL.has(code) ? 'critical' : 'warning'
}

/** A finding about several partitions is one cause, however many they are just now. */
const subjectOf = ({ subject, partitions = [] }: Finding): string =>
  partitions.length > 1 && !subject.startsWith('broker') ? 'cluster' : subject

/** How many partitions miss a replica in sync. */
export function countUnderReplicated(snapshot: Snapshot): number {
  const brokers = indexBrokers(snapshot)
  return snapshot.topics
    .flatMap(({ partitions }) => partitions)
    .filter((partition) => outOfSyncReplicas(partition, brokers).length > 0).length
}

/** Under-replicated for too long, whatever the reason: the reason may be wrong, or nothing may come of the heal. */
export function causeOfAge(
  partitions: number,
  sinceMs: number | null,
  { nowMs, afterMs }: { readonly nowMs: number; readonly afterMs: number },
): readonly AlertCause[] {
  if (partitions === 0 || sinceMs === null || nowMs - sinceMs < afterMs) return []
  return [
    {
      kind: 'UNDER_REPLICATED_LONG',
      subject: 'cluster',
      severity: 'warning',
      message: `partitions have been under-replicated since ${new Date(sinceMs).toISOString()} without a break, ${partitions} of them now`,
      nextSteps: ['klinic cluster check --full', 'klinic heal plan'],
    },
  ]
}

/** An execution that did not do all it should have. */
export function causeOfExecution(report: ExecutionReport | null): readonly AlertCause[] {
  if (report === null || report.exit === 'done' || report.exit === 'interrupted') return []
  return [
    {
      kind: 'HEAL_INCOMPLETE',
      subject: 'cluster',
      severity: 'warning',
      message: `plan ${report.planId} was not carried out whole (${report.code}): ${report.message}`,
      nextSteps: ['klinic reassign status', `klinic reassign resume ${report.planId}`],
      ofAttempt: true,
    },
  ]
}

/** A heal that is wanted, and that a guard of the execution forbids. */
export function causeOfRefusal({ code, message, nextSteps }: OperatorError): AlertCause {
  return { kind: code, subject: 'cluster', severity: 'warning', message, nextSteps }
}

/** Ends of a run that are no failure of it, or (a cluster out of reach) are told of elsewhere. */
const TOLD_ELSEWHERE: ReadonlySet<ExitName> = new Set([
  'unreachable',
  'interrupted',
  'terminated',
  'hangup',
])

/** An error that ended a run. */
export function causesOfError(error: unknown): readonly AlertCause[] {
  if (error instanceof OperatorError) {
    const isTold = error.code === 'LOCKED' || TOLD_ELSEWHERE.has(error.exit)
    return isTold ? [] : [causeOfRefusal(error)]
  }
  const message = `heal run ended with an error: ${error instanceof Error ? error.message : String(error)}`
  const nextSteps = ['klinic cluster check', 'klinic heal plan']
  return [{ kind: 'UNEXPECTED', subject: 'cluster', severity: 'warning', message, nextSteps }]
}
