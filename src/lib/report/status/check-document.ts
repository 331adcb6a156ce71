import {
  diagnose,
  groupReasons,
  type DiagnosisOptions,
  type ReasonGroup,
} from '../../health/diagnose.js'
import { checkHealth } from '../../health/check-health.js'
import type { JudgedBroker } from '../../health/verdict/judge-broker.js'
import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'

/** What `cluster check --json` prints. */
export interface CheckDocument {
  readonly cluster: Snapshot['cluster']
  readonly capturedAt: string
  readonly healthy: boolean
  readonly findings: readonly Finding[]
  /** The verdict on every broker, with the signals that it rests on. */
  readonly brokers: readonly JudgedBroker[]
  /** Why replicas are out of sync or offline: one entry for each broker and cause. */
  readonly reasons: readonly ReasonGroup[]
}

/** Healthy is a cluster of which nothing worse than a note is known. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity === 'info')
}

/** The verdict on a snapshot, for monitors. */
export function describeCheck(snapshot: Snapshot, options: DiagnosisOptions = {}): CheckDocument {
  const { cluster, capturedAt } = snapshot
  const findings = checkHealth(snapshot, options)
  const { verdicts, reasons } = diagnose(snapshot, options)
  return {
    cluster,
    capturedAt,
    healthy: isHealthy(findings),
    findings,
    brokers: [...verdicts.values()],
    reasons: groupReasons(reasons),
  }
}
